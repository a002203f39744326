// Addresses of scripts that the page may run by name: the policy of the page (Trusted Types) takes no other text for one.

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string | null }): unknown;
}

declare global {
  interface Window {
    /** Browsers that know no Trusted Types take the addresses as they are. */
    readonly trustedTypes?: TrustedTypes;
  }
}

const allowed = new Set<string>();

/** Allows one more. There can be one default policy only, so that all of them stand here. */
export function allowScript(url: string): void {
  if (allowed.size === 0) {
    window.trustedTypes?.createPolicy('default', { createScriptURL: (asked) => (allowed.has(asked) ? asked : null) });
  }
  allowed.add(url);
}
