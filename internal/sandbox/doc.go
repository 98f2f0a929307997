// Package sandbox runs small pieces of users' JavaScript in child processes of
// our own program, and guarantees that whatever a script does, be it an endless
// loop, a huge allocation or a fault of the engine, ends with an error for the
// call that ran it: the server and the other calls go on.
//
// A [Sandbox] keeps a few children warm. [Sandbox.Check] says whether a source
// can be used at all, [Sandbox.Call] calls one function of it:
//
//	function transform(event) {
//	  event.name = event.name.trim()
//	  return event
//	}
//
// # What a script gets
//
// The language itself (ES2023: JSON, Date, Math, RegExp, Map, BigInt, …) and
// console.log, whose lines the caller receives. There are no modules, no timers,
// no files, no network, no environment and no time zone but UTC. Date and
// Math.random work as everywhere, so the same call may give two different answers.
// A promise is never waited for: a function that returns one has failed.
//
// Each call runs in an engine of its own, made for it and thrown away
// afterwards. Nothing that a script leaves behind, be it a global or a changed
// prototype, is seen by the next call, whoever makes it.
//
// # JSON in, JSON out
//
// Arguments and result are JSON, and what is not touched comes back the same,
// within JavaScript's own rules: numbers are float64, so integers beyond 2^53
// lose digits, 1.0 comes back as 1 and 1e400 as null; of two members with the
// same name the last stays; names that are whole numbers move to the front.
//
// # What a script may use
//
// Each call has 100 ms of the processor's time, 32 MiB of memory for its objects,
// 2,000 levels of calls, and 1 MiB each of arguments and result. A script that
// does not stop when told to, because it is inside one long operation of the
// engine, is killed with its process after a second.
//
// # What holds it
//
// The engine gives scripts no way out of it. Should one be found, the process has
// nothing to offer: it inherits no environment and no descriptors, its folder is
// empty, and it cannot write files or dump core. On Linux the kernel also
// limits its memory, and refuses every system call that its own work does not
// need, so that it can neither open files and connections nor start or signal
// other processes. Scripts of different organizations share a process one after
// the other; what keeps those apart is the engine.
//
// # Fairness
//
// Callers take turns by the time they use, not by the number of their calls.
// Those whose calls have lately been slow never hold the last free child,
// so that quick ones do not wait for them. When too many calls wait, the
// longest queue is cut ([ErrBusy]), which is that of whoever asks for most.
package sandbox
