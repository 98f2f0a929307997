package sandbox

import (
	"errors"
	"regexp"
	"strconv"
	"strings"

	"modernc.org/quickjs"
)

// scriptError words what a script threw, or what is wrong with its source. It is
// nil if the engine threw it because the script's memory was used up.
//
// Everything in a thrown value is the script's own doing and may be anything.
func scriptError(err error, source string) *ScriptError {
	var known *ScriptError
	if errors.As(err, &known) {
		return known
	}
	var thrown *quickjs.Error
	if !errors.As(err, &thrown) {
		return &ScriptError{Message: plain(err.Error(), maxMessage)}
	}
	if outOfMemory(thrown, source) {
		return nil
	}
	stack := scriptStack(thrown.Stack)
	failure := &ScriptError{
		Message: plain(thrown.Error(), maxMessage),
		Line:    max(0, thrown.LineNumber), Column: max(0, thrown.ColumnNumber),
		Stack: plain(stack, maxStack),
	}
	switch failure.Message {
	case "":
		failure.Message = "The script threw a value that cannot be shown."
	case "null":
		failure.Message = "The script threw null, or it needed too much memory."
	}
	if failure.Line == 0 {
		failure.Line, failure.Column = firstPlace(stack)
	}
	return failure
}

// outOfMemory tells whether the engine threw this because memory was used up. When
// there is none left even for an error, it throws null. A script can do so, too,
// if it throws at all.
func outOfMemory(thrown *quickjs.Error, source string) bool {
	if thrown.Error() == "null" && thrown.Name == "" {
		return !strings.Contains(source, "throw")
	}
	return thrown.Name == "InternalError" && thrown.Message == "out of memory"
}

// scriptStack is the part of a stack that is the script's.
func scriptStack(stack string) string {
	var calls []string
	for call := range strings.Lines(stack) {
		call = strings.TrimSpace(call)
		if strings.HasPrefix(call, "at [sandbox]") {
			break
		}
		calls = append(calls, strings.ReplaceAll(call, "<eval>", "script"))
	}
	// The sandbox itself calls functions of the engine.
	for n := len(calls); n > 0 && strings.HasSuffix(calls[n-1], " (native)"); n-- {
		calls = calls[:n-1]
	}
	if len(calls) > maxCalls {
		calls = append(calls[:maxCalls], "…")
	}
	return strings.Join(calls, "\n")
}

var place = regexp.MustCompile(`\bscript:(\d+):(\d+)`)

// firstPlace is where in the source the innermost call was.
func firstPlace(stack string) (line, column int) {
	found := place.FindStringSubmatch(stack)
	if found == nil {
		return 0, 0
	}
	line, _ = strconv.Atoi(found[1]) // out of range is as good as unknown
	column, _ = strconv.Atoi(found[2])
	return line, column
}

// plain makes text fit for JSON and cuts it.
func plain(text string, most int) string {
	if len(text) > most {
		text = text[:most]
	}
	return strings.ToValidUTF8(text, "")
}
