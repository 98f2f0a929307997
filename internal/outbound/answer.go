package outbound

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"
)

var (
	errMalformed    = errors.New("the answer is not HTTP")
	errHeadTooLarge = errors.New("the answer's header is too large")
)

// answer is what an answer's head says, and then the reader of its body.
type answer struct {
	status   int
	minor    bool          // at least HTTP/1.1
	closes   bool          // nothing more comes over this connection
	patience time.Duration // how long the receiver keeps the connection idle; 0: unknown
	chunked  bool
	length   int64       // of the body; -1 if it was not said
	digits   int         // that said it
	header   http.Header // those that are kept; nil if none came
	location string

	x      *exchange
	chunks io.Reader
	done   bool // the body was read to its end
}

// readHead reads the answer's head, after any number of interim ones: their bytes
// count together.
func (x *exchange) readHead() error {
	x.budget = maxAnswerHeader
	if _, err := x.in.Peek(1); err != nil {
		return early(err)
	}
	x.begun = true
	for {
		x.answer = answer{length: -1, x: x}
		if err := x.readFields(); err != nil {
			return err
		}
		if s := x.answer.status; s >= 200 || s == http.StatusSwitchingProtocols {
			x.answer.settle(x.method)
			return nil
		}
	}
}

func (x *exchange) readFields() error {
	line, err := x.line()
	if err != nil {
		return err
	}
	if err := x.answer.parseStatus(line); err != nil {
		return err
	}
	for {
		switch line, err = x.line(); {
		case err != nil:
			return err
		case len(line) == 0:
			return nil
		}
		if err := x.answer.parseField(line); err != nil {
			return err
		}
	}
}

// line reads a line without its end. It is good until the next one.
func (x *exchange) line() ([]byte, error) {
	line, err := x.in.ReadSlice('\n')
	x.budget -= len(line)
	if errors.Is(err, bufio.ErrBufferFull) {
		x.long = append(x.long[:0], line...)
		for errors.Is(err, bufio.ErrBufferFull) && x.budget >= 0 {
			line, err = x.in.ReadSlice('\n')
			x.budget -= len(line)
			x.long = append(x.long, line...)
		}
		line = x.long
	}
	switch {
	case x.budget < 0:
		return nil, errHeadTooLarge
	case err != nil:
		return nil, early(err)
	}
	line, x.strict = bytes.CutSuffix(line[:len(line)-1], []byte("\r"))
	return line, nil
}

// early makes the end of the stream an error.
func early(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

func malformed(line []byte) error {
	return fmt.Errorf("%w: %.80q", errMalformed, line)
}

// parseStatus takes in "HTTP/1.1 204 No Content", of which the last part may be
// anything and may be missing.
func (a *answer) parseStatus(line []byte) error {
	version, rest, ok := bytes.Cut(line, []byte(" "))
	if !ok || len(version) != len("HTTP/1.1") || !bytes.HasPrefix(version, []byte("HTTP/")) ||
		!digit(version[5]) || version[6] != '.' || !digit(version[7]) {
		return malformed(line)
	}
	code, _, _ := bytes.Cut(bytes.TrimLeft(rest, " "), []byte(" "))
	if len(code) != 3 || !digit(code[0]) || code[0] == '0' || !digit(code[1]) || !digit(code[2]) {
		return malformed(line)
	}
	a.status = int(code[0]-'0')*100 + int(code[1]-'0')*10 + int(code[2]-'0')
	a.minor = version[5] > '1' || version[5] == '1' && version[7] >= '1'
	a.closes = !a.minor
	return nil
}

func digit(b byte) bool { return '0' <= b && b <= '9' }

// parseField takes in a header field. A line that goes on with the one before is
// not taken, nor a name that anybody might read in another way.
func (a *answer) parseField(line []byte) error {
	name, value, ok := bytes.Cut(line, []byte(":"))
	if !ok || !token(name) || !printable(value) {
		return malformed(line)
	}
	value = bytes.Trim(value, " \t")
	switch {
	case named(name, "Content-Length"):
		return a.parseLength(value)
	case named(name, "Transfer-Encoding"):
		return a.parseEncoding(value)
	case named(name, "Connection"):
		a.parseConnection(value)
	case named(name, "Keep-Alive"):
		a.parsePatience(value)
	case named(name, "Location"):
		if a.location == "" {
			a.location = string(value)
		}
	case named(name, "Content-Type"):
		a.keep("Content-Type", value)
	case named(name, "Retry-After"):
		a.keep("Retry-After", value)
	case named(name, "Server"):
		a.keep("Server", value)
	case named(name, "X-Request-Id"):
		a.keep("X-Request-Id", value)
	}
	return nil
}

func named(name []byte, want string) bool {
	return len(name) == len(want) && bytes.EqualFold(name, []byte(want))
}

func (a *answer) keep(name string, value []byte) {
	if a.header == nil {
		a.header = make(http.Header, 1)
	}
	a.header[name] = append(a.header[name], string(value))
}

// parseLength takes a length in decimal, and another only if it is the same.
func (a *answer) parseLength(value []byte) error {
	n, err := strconv.ParseUint(string(value), 10, 63)
	if err != nil || a.length >= 0 && (int64(n) != a.length || len(value) != a.digits) {
		return fmt.Errorf("%w: Content-Length %.80q", errMalformed, value)
	}
	a.length, a.digits = int64(n), len(value)
	return nil
}

// parseEncoding takes "chunked" once, and no other. HTTP/1.0 has none: whoever
// sends one all the same cannot be trusted with another request.
func (a *answer) parseEncoding(value []byte) error {
	if !a.minor {
		return nil
	}
	if a.chunked || !named(value, "chunked") {
		return fmt.Errorf("%w: Transfer-Encoding %.80q", errMalformed, value)
	}
	a.chunked = true
	return nil
}

func (a *answer) parseConnection(value []byte) {
	for option := range bytes.SplitSeq(value, []byte(",")) {
		if named(bytes.Trim(option, " \t"), "close") {
			a.closes = true
		}
	}
}

// parsePatience takes in "timeout=5, max=100". What cannot be read is left alone.
func (a *answer) parsePatience(value []byte) {
	for part := range bytes.SplitSeq(value, []byte(",")) {
		name, n, _ := bytes.Cut(bytes.Trim(part, " \t"), []byte("="))
		if seconds, err := strconv.ParseUint(string(n), 10, 16); err == nil && named(name, "timeout") {
			a.patience = time.Duration(seconds) * time.Second
		}
	}
}

func token(name []byte) bool {
	for _, b := range name {
		if b >= 0x80 || notTokenCharacter(rune(b)) {
			return false
		}
	}
	return len(name) > 0
}

func printable(value []byte) bool {
	for _, b := range value {
		if b < ' ' && b != '\t' || b == 0x7f {
			return false
		}
	}
	return true
}
