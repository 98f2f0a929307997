package sandbox

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"time"
	"unicode/utf8"
)

// The first message tells a child its terms, and it answers with greeting and
// what it could not set up. Each further one is a request that it answers.
const (
	greeting = "parley sandbox 1"

	checkOp = "check" // source, function
	callOp  = "call"  // source, function, JSON array of the arguments

	gaveValue = "value" // the result in JSON, log
	gaveNone  = "none"  // nothing: undefined was returned; log
	gaveError = "error" // a ScriptError in JSON, log
	gaveLimit = "limit" // the kind of a LimitError, log
)

// The log of a call is a JSON array of its lines.
const (
	maxLogLines = 100
	maxLogLine  = 1000 // characters
	maxMessage  = 1000 // of an error, bytes
	maxStack    = 4000
	maxCalls    = 20 // of a stack

	requestParts = 4
	maxRequest   = MaxSource + MaxInput + 4096
	// Each character of the log takes up to six bytes when it is escaped.
	maxAnswer = MaxOutput + 6*maxLogLines*(maxLogLine+4) + 6*(maxMessage+maxStack) + 4096
)

// terms are what a child has to know.
type terms struct {
	Timeout time.Duration `json:"timeout"` // of the processor, for a call
	End     time.Duration `json:"end"`     // on the clock: the child ends itself if a call takes longer
	Memory  int           `json:"memory"`
}

func (o Options) terms() (message, error) {
	// The sandbox kills first; this is for a child whose server is gone.
	text, err := json.Marshal(terms{Timeout: o.Timeout, End: 2 * o.KillAfter, Memory: o.Memory})
	return message{text}, err
}

func checkRequest(source, function string) message {
	return message{[]byte(checkOp), []byte(source), []byte(function)}
}

var identifier = regexp.MustCompile(`^[A-Za-z_$][A-Za-z0-9_$]*$`)

func callRequest(source, function string, args []json.RawMessage) (message, error) {
	if !identifier.MatchString(function) {
		return nil, fmt.Errorf("call a script: %q is not the name of a function", function)
	}
	list := append([]byte{'['}, bytes.Join(rawBytes(args), []byte{','})...)
	list = append(list, ']')
	if len(source) > MaxSource || len(list) > MaxInput+len(args)+1 {
		return nil, &LimitError{InputLimit}
	}
	for i, arg := range args {
		if !json.Valid(arg) {
			return nil, fmt.Errorf("call a script: argument %d is not JSON", i)
		}
	}
	return message{[]byte(callOp), []byte(source), []byte(function), list}, nil
}

func rawBytes(args []json.RawMessage) [][]byte {
	plain := make([][]byte, len(args))
	for i, arg := range args {
		plain[i] = arg
	}
	return plain
}

// answer is what a child says to a request. Err is a *ScriptError, a *LimitError
// or nil.
type answer struct {
	result json.RawMessage
	log    []string
	err    error
}

// readAnswer understands what a child says. The child is not trusted: an error
// means that it says things it would never say.
func readAnswer(m message) (answer, error) {
	if len(m) != 3 {
		return answer{}, fmt.Errorf("an answer of %d parts", len(m))
	}
	kind, body := string(m[0]), m[1]
	log, err := readLog(m[2])
	if err != nil {
		return answer{}, err
	}
	got := answer{log: log}
	switch kind {
	case gaveNone:
	case gaveValue:
		if len(body) > MaxOutput || !utf8.Valid(body) || !json.Valid(body) {
			return answer{}, fmt.Errorf("a result that is not JSON")
		}
		got.result = body
	case gaveError:
		failure := &ScriptError{}
		if err := json.Unmarshal(body, failure); err != nil {
			return answer{}, fmt.Errorf("an error that is not JSON: %w", err)
		}
		got.err = failure
	case gaveLimit:
		got.err = &LimitError{string(body)}
	default:
		return answer{}, fmt.Errorf("an answer of unknown kind")
	}
	return got, nil
}

func readLog(text []byte) ([]string, error) {
	if len(text) == 0 {
		return nil, nil
	}
	var log []string
	if err := json.Unmarshal(text, &log); err != nil {
		return nil, fmt.Errorf("a log that is not JSON: %w", err)
	}
	return log[:min(len(log), maxLogLines+1)], nil
}
