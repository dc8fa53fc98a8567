/// A slow, plain authoritative server on dnsjava's messages and java.util maps, written from the
/// RFCs and not from the responder: the oracle of the differential test.
@NullMarked
package gslb.dns.reference;

import org.jspecify.annotations.NullMarked;
