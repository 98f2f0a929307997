package condition

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Fault is one thing that is wrong with a condition: what Compile found, or why a
// run of it could not go on. The message is a sentence for its author.
type Fault struct {
	Line    int // from 1
	Column  int // in characters, from 1
	Offset  int // in bytes from the start of the text
	Message string
}

// Error gives the place and the message.
func (f *Fault) Error() string {
	return fmt.Sprintf("line %d, column %d: %s", f.Line, f.Column, f.Message)
}

// Faults is everything that Compile found, by place: at least one and at most
// [MaxFaults]. errors.As finds the first as a *Fault.
type Faults []*Fault

// MaxFaults is how many faults are told at once.
const MaxFaults = 10

// Error gives all of them, in a line.
func (all Faults) Error() string {
	said := make([]string, len(all))
	for i, f := range all {
		said[i] = f.Error()
	}
	return strings.Join(said, " ")
}

// Unwrap gives each of them.
func (all Faults) Unwrap() []error {
	errs := make([]error, len(all))
	for i, f := range all {
		errs[i] = f
	}
	return errs
}

// faultAt is a fault at a byte of a text.
func faultAt(text string, offset int, format string, args ...any) *Fault {
	offset = min(max(offset, 0), len(text))
	before := text[:offset]
	return &Fault{
		Line:    strings.Count(before, "\n") + 1,
		Column:  utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:]) + 1,
		Offset:  offset,
		Message: fmt.Sprintf(format, args...),
	}
}

// byteOffset is where a character of a text begins.
func byteOffset(text string, characters int) int {
	for i := range text {
		if characters <= 0 {
			return i
		}
		characters--
	}
	return len(text)
}
