// Package bench measures Parley: it starts real servers, loads them over HTTP,
// receives what they deliver, and holds each figure against its bound. It leaves
// nothing behind: every process, folder and database that it makes is gone when Run
// returns, also when it is interrupted.
//
// Everything happens on one machine over loopback. The load generator and the
// receiver are part of the bench process. What is measured, and what it is compared
// with, is a child process of the same program each time, so that CPU and memory
// are the child's alone and the comparison has as many processes as Parley has.
//
// # The bare loop
//
// Deliveries are compared with what a program could do that only sends. For each
// connection, a goroutine of a child process repeats:
//
//   - take a new id and the time, and sign them and the body (HMAC-SHA256, the same
//     signer that Parley uses);
//   - make a POST request with the headers that Parley sends, and send it with an
//     [net/http.Client] that has a time limit of 10 s and keeps its connections;
//   - read the answer to its end.
//
// It sends the very bytes that Parley's first delivery had, to the same receivers,
// over as many connections as Parley had open, but at most 256 (with more it gets
// slower), in turns with Parley: a round of one, a round of the other, so that both
// meet the same machine. It stores nothing, reads nothing, keeps no order and no
// record, and never tries again.
//
// # The bare handler
//
// Requests are compared with a net/http server in a child process, which does
// nothing but decode the JSON of a request, if it has a body, and answer the very
// bytes that Parley answered.
//
// # The receiver and the load generator
//
// Both read and write HTTP/1.1 by hand, as little of it as they need: what they cost
// is part of both sides of each comparison, and would make any two things look
// alike. The receiver answers 204 at once and notes which event came when; an event
// that comes twice counts once.
package bench
