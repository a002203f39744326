-- Who began a conversation: nobody's limit is used up by what others begin. Of those from before, nobody knows.
ALTER TABLE conversation ADD COLUMN maker TEXT REFERENCES account (id) ON DELETE SET NULL;

CREATE INDEX conversation_maker ON conversation (maker);
