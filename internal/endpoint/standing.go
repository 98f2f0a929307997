package endpoint

import "time"

// Standing is how an event stands at an endpoint, as the engine that delivers to it
// knows: more than the database does, and a moment before it.
type Standing struct {
	Cursor    int64 // everything up to it is dealt with
	Dealt     bool  // so is the event: sent, passed over, or waiting to be tried again
	Underway  bool  // it is being sent
	Unwritten bool  // it was just sent, which the database does not know yet

	// Behind is the event that has to go first, 0 if none has: it is being sent, or
	// waits to be tried again until Until.
	Behind int64
	Until  time.Time

	Hold    time.Time // the endpoint has asked to be sent nothing before; zero: it has not
	ProbeAt time.Time // the endpoint is failing and is probed at this time; zero: it is not
}
