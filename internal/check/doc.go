// Package check grades a webhook receiver: a program of somebody's that takes
// Parley's webhooks. It sends what Parley would send, and what somebody who means
// harm would send, and says of each promise of a good receiver whether it was kept,
// what was sent, what came back, and how to mend it.
//
// It needs no Parley, only the receiver's URL and its secret. What it sends are the
// catalogue's examples under ids of their own, so that the receiver takes none for
// one it had before; it does not know a check from the real thing. A check asks for
// little and sends few requests: it is no load test.
//
// Checks build on one another. Where one fails without which others would say
// nothing, those are not made, so that a report shows what to mend first.
package check
