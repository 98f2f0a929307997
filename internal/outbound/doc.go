// Package outbound is the one HTTP client that leaves the house: it connects
// only to addresses that its policy permits, checked when the connection is
// made; it ends within its time limit and reads no more than its byte limits;
// it never follows a redirect and never uses a proxy.
//
// A [Policy] says where requests may go, and checks a URL when it is saved.
// A [Client] sends: [Client.Target] prepares a URL with its fixed headers once,
// [Client.Send] makes one signed request to it and says what came of it. Send
// never returns an error: a [Result] either holds a whole answer or a [Failure]
// that says in one sentence what went wrong and what to do about it. A library
// that wants to make requests of its own gets [Client.RoundTripper].
//
// A [Signer] makes the Standard Webhooks 1.0 headers that any library for that
// specification verifies.
//
// # Connections
//
// HTTP/1.1 is spoken by this package itself, as a delivery costs mostly what its
// request costs: the goroutine that sends writes the request and reads the
// answer, with buffers that belong to the exchange and a deadline that belongs to
// the socket. An idle connection holds no buffer, no goroutine and no timer. What
// an answer's head says is taken only if net/http would take it too; folded lines
// and names with spaces are not taken.
//
// Over TLS a receiver may choose HTTP/2. Then the Standard Library's client goes
// on with the connection, and the choice is remembered. A receiver that changes
// its mind is served as it wishes.
//
// Connections are kept for the URL's scheme, host and port and for the client
// certificate shown, and never shared across these. The one that was used last is
// used next. At most 1,024 are idle for one place and 4,096 altogether, none
// longer than a minute. A connection is used again only if the answer was read to
// its end, nothing came after it and neither side asked to close.
//
// # Sending again
//
// Before a connection is used again it is felt for a sign of its end (on Unix; not
// on connections of tests): one that the receiver closed while it was idle is
// dropped without anything being sent over it. So is one whose receiver said how
// long it keeps it (Keep-Alive: timeout=5) when that time is nearly over.
//
// If the receiver closes it at that very moment, the request is sent again, once
// and over a new connection, in two cases: not a byte of it had been taken for
// sending, or it says of itself that it may come twice (GET, HEAD, OPTIONS, TRACE,
// or a header Idempotency-Key) and nothing came of an answer. In every other case
// what the receiver may have seen is not sent again: that is a failed attempt, and
// for the caller to repeat. Over a new connection nothing is ever sent twice.
package outbound
