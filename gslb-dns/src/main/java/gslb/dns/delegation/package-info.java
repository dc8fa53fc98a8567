/// Delegation of our zones: what the parent needs, what it has, and what differs. A small DNS
/// client asks; the comparisons are pure. Not on the answer path.
///
/// Threads: everything is immutable or confined to the thread that checks.
///
/// RFC 1034 §4.2, RFC 2182 §3, RFC 4035 §3.1.4, RFC 9471.
@NullMarked
package gslb.dns.delegation;

import org.jspecify.annotations.NullMarked;
