/**
 * Must be imported before the toolkit. While it loads, the toolkit adds a style element to try out a selector,
 * and looks for the page's nonce in this meta element; without it the security policy reports a violation.
 */
const meta = document.createElement('meta');
meta.setAttribute('property', 'csp-nonce');
meta.content = document.currentScript?.nonce ?? '';
document.head.append(meta);

/** Once the toolkit is loaded, the nonce must not stay in the document. */
export function forgetNonce(): void {
  meta.remove();
}
