package sandbox

import (
	"errors"
	"fmt"
	"time"

	"parley"
)

// ErrBusy is the error of a call that did not run because too many are waiting.
// The same call may be made again later.
var ErrBusy error = &parley.Error{
	Kind: parley.Unavailable, Detail: "Too many scripts are waiting to run. Try again in a moment.", RetryAfter: time.Second,
}

// ErrClosed is the error of a call to a sandbox that has been closed, or that
// was closed before the call had ended.
var ErrClosed = errors.New("the sandbox is closed")

// errFault is why a child is useless although nobody ended it: it died, or what
// it says makes no sense.
var errFault = errors.New("the sandbox process failed")

// ScriptError is what is wrong with a script, or what it threw. Its text is the
// author's own and may be shown to whoever owns the script, and to nobody else.
type ScriptError struct {
	Message string `json:"message"`          // with the error's name: "TypeError: cannot read property 'name' of undefined"
	Line    int    `json:"line,omitempty"`   // in the source, from 1; 0 if unknown
	Column  int    `json:"column,omitempty"` // from 1; 0 if unknown
	Stack   string `json:"stack,omitempty"`  // innermost first, one call per line
}

func (e *ScriptError) Error() string {
	if e.Line == 0 {
		return e.Message
	}
	return fmt.Sprintf("%s (line %d, column %d)", e.Message, e.Line, e.Column)
}

// The limits that a call can hit.
const (
	TimeLimit   = "time"   // it ran for too long
	MemoryLimit = "memory" // it wanted more memory than it may have
	InputLimit  = "input"  // the source or the arguments are too large; nothing ran
	OutputLimit = "output" // the result is too large
	CrashLimit  = "crash"  // the process died of it, twice
)

// LimitError is why a call was stopped, or not even begun. Made again, the call
// would most likely end the same way.
type LimitError struct {
	Kind string // one of the constants
}

func (e *LimitError) Error() string {
	switch e.Kind {
	case TimeLimit:
		return "The script took too long and was stopped."
	case MemoryLimit:
		return "The script needed too much memory and was stopped."
	case InputLimit:
		return fmt.Sprintf("The script or what it was given is too large: at most %d KiB of source and %d KiB of arguments.", MaxSource>>10, MaxInput>>10)
	case OutputLimit:
		return fmt.Sprintf("The script returned too much: at most %d KiB.", MaxOutput>>10)
	}
	return "The script broke the process that ran it."
}
