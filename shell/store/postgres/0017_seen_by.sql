-- Who sees how somebody is to be found: 'everyone', 'contacts' or 'nobody'.
ALTER TABLE presence ADD COLUMN seen_by TEXT NOT NULL DEFAULT 'everyone';
