/// The running node's API `/api/v1` and its metrics page, on loopback behind a token, and the
/// client that the command line's verbs use. The node implements {@link Operations}; requests run
/// on virtual threads, so an operation may block.
///
/// Errors are problem details (RFC 9457). No GET changes anything.
@NullMarked
package gslb.admin;

import org.jspecify.annotations.NullMarked;
