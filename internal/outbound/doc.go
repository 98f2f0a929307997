// Package outbound is the one HTTP client that leaves the house: it connects
// only to addresses that its policy permits, checked when the connection is
// made; it ends within its time limit and reads no more than its byte limits;
// it never follows a redirect and never uses a proxy.
//
// A [Policy] says where requests may go, and checks a URL when it is saved.
// A [Client] sends: [Client.Target] prepares a URL with its fixed headers once,
// [Client.Send] makes one signed request to it and says what came of it. Send
// never returns an error: a [Result] either holds a whole answer or a [Failure]
// that says in one sentence what went wrong and what to do about it.
//
// A [Signer] makes the Standard Webhooks 1.0 headers that any library for that
// specification verifies.
package outbound
