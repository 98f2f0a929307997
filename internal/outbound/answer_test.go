package outbound

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// taken is what an exchange makes of bytes that a receiver sent.
type taken struct {
	status int
	body   string
	kept   http.Header
	again  bool // another answer may follow
	err    error
}

func take(method, sent string) taken {
	x := newExchange()
	x.method = method
	x.in.Reset(strings.NewReader(sent))
	if err := x.readHead(); err != nil {
		return taken{err: err}
	}
	body, err := io.ReadAll(&x.answer)
	again := x.answer.done && !x.answer.closes && x.in.Buffered() == 0
	return taken{x.answer.status, string(body), x.answer.header, again, err}
}

func TestAnswersThatAreTaken(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		sent   string
		status int
		body   string
		again  bool
	}{
		"no content":            {"HTTP/1.1 204 No Content\r\n\r\n", 204, "", true},
		"no reason":             {"HTTP/1.1 204\r\n\r\n", 204, "", true},
		"an empty reason":       {"HTTP/1.1 204 \r\n\r\n", 204, "", true},
		"lines end with LF":     {"HTTP/1.1 200 OK\nContent-Length: 2\n\nok", 200, "ok", true},
		"a length":              {"HTTP/1.1 200 OK\r\nCONTENT-LENGTH:  2 \r\n\r\nok", 200, "ok", true},
		"the length twice":      {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok", 200, "ok", true},
		"bytes after it":        {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n\r\n", 200, "ok", false},
		"length and no content": {"HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\n", 204, "", true},
		"not modified":          {"HTTP/1.1 304 Not Modified\r\nContent-Length: 2\r\n\r\n", 304, "", true},
		"to the end":            {"HTTP/1.1 200 OK\r\n\r\nall there is", 200, "all there is", false},
		"close":                 {"HTTP/1.1 200 OK\r\nConnection: x, Close\r\nContent-Length: 2\r\n\r\nok", 200, "ok", false},
		"HTTP/1.0":              {"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", 200, "ok", false},
		"chunked before 1.1":    {"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\nok", 200, "ok", false},
		"chunks":                {"HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n2\r\nok\r\n1;x=y\r\n!\r\n0\r\n\r\n", 200, "ok!", true},
		"a trailer":             {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-Sum: 1\r\n\r\n", 200, "ok", true},
		"chunks and a length":   {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 9\r\n\r\n2\r\nok\r\n0\r\n\r\n", 200, "ok", false},
		"after interim ones":    {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 200, "", true},
		"a long line":           {"HTTP/1.1 200 OK\r\nX-Policy: " + strings.Repeat("p", 60<<10) + "\r\nContent-Length: 2\r\n\r\nok", 200, "ok", true},
	} {
		got := take("POST", test.sent)
		if got.err != nil || got.status != test.status || got.body != test.body || got.again != test.again {
			t.Errorf("%s: %+v, want %+v", name, got, test)
		}
	}
	if got := take("HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"); got.err != nil || got.body != "" || !got.again {
		t.Errorf("HEAD: %+v", got)
	}
}

func TestAnswersThatAreNotTaken(t *testing.T) {
	t.Parallel()
	ok := "HTTP/1.1 200 OK\r\n"
	for name, test := range map[string]struct {
		sent string
		want error
	}{
		"nothing":               {"", io.ErrUnexpectedEOF},
		"half a line":           {"HTTP/1.1 20", io.ErrUnexpectedEOF},
		"half a head":           {ok + "Content-Length: 2\r\n", io.ErrUnexpectedEOF},
		"half a body":           {ok + "Content-Length: 2\r\n\r\no", io.ErrUnexpectedEOF},
		"half the chunks":       {ok + "Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n", io.ErrUnexpectedEOF},
		"a trailer of LFs":      {ok + "Transfer-Encoding: chunked\r\n\r\n0\r\n\n", errMalformed},
		"half a trailer":        {ok + "Transfer-Encoding: chunked\r\n\r\n0\r\nX: y\r\n", io.ErrUnexpectedEOF},
		"interim only":          {"HTTP/1.1 100 Continue\r\n\r\n", io.ErrUnexpectedEOF},
		"mail":                  {"220 mail.example.com ready\r\n\r\n", errMalformed},
		"a version too long":    {"HTTP/1.10 200 OK\r\n\r\n", errMalformed},
		"no status":             {"HTTP/1.1\r\n\r\n", errMalformed},
		"a status of two":       {"HTTP/1.1 20 OK\r\n\r\n", errMalformed},
		"a signed status":       {"HTTP/1.1 +20 OK\r\n\r\n", errMalformed},
		"a status below 100":    {"HTTP/1.1 099 OK\r\n\r\n", errMalformed},
		"no colon":              {ok + "Server\r\n\r\n", errMalformed},
		"no name":               {ok + ": x\r\n\r\n", errMalformed},
		"a space in a name":     {ok + "Content Length: 2\r\n\r\n", errMalformed},
		"a space after a name":  {ok + "Content-Length : 2\r\n\r\n", errMalformed},
		"a folded line":         {ok + "Server: a\r\n b\r\n\r\n", errMalformed},
		"a folded first line":   {ok + " Server: a\r\n\r\n", errMalformed},
		"a bare CR":             {ok + "Server: a\rContent-Length: 2\r\n\r\n", errMalformed},
		"a null":                {ok + "Server: a\x00\r\n\r\n", errMalformed},
		"two lengths":           {ok + "Content-Length: 2\r\nContent-Length: 3\r\n\r\nok", errMalformed},
		"two spellings":         {ok + "Content-Length: 2\r\nContent-Length: 02\r\n\r\nok", errMalformed},
		"a list of lengths":     {ok + "Content-Length: 2, 2\r\n\r\nok", errMalformed},
		"a negative length":     {ok + "Content-Length: -2\r\n\r\n", errMalformed},
		"an empty length":       {ok + "Content-Length:\r\n\r\n", errMalformed},
		"too great a length":    {ok + "Content-Length: 9223372036854775808\r\n\r\n", errMalformed},
		"a length of no body":   {"HTTP/1.1 204 No Content\r\nContent-Length: x\r\n\r\n", errMalformed},
		"another encoding":      {ok + "Transfer-Encoding: gzip, chunked\r\n\r\n", errMalformed},
		"identity":              {ok + "Transfer-Encoding: identity\r\n\r\n", errMalformed},
		"chunked twice":         {ok + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", errMalformed},
		"a bad trailer":         {ok + "Transfer-Encoding: chunked\r\n\r\n0\r\nno colon\r\n\r\n", errMalformed},
		"a head too large":      {ok + strings.Repeat("X-Fill: "+strings.Repeat("x", 1000)+"\r\n", 66) + "\r\n", errHeadTooLarge},
		"a line too large":      {ok + "X-Fill: " + strings.Repeat("x", 65<<10), errHeadTooLarge},
		"interim without end":   {strings.Repeat("HTTP/1.1 100 Continue\r\n\r\n", 3000), errHeadTooLarge},
		"a trailer without end": {ok + "Transfer-Encoding: chunked\r\n\r\n0\r\n" + strings.Repeat("X: y\r\n", 11_000), errHeadTooLarge},
	} {
		if got := take("POST", test.sent); !errors.Is(got.err, test.want) || got.again {
			t.Errorf("%s: %+v, want %v", name, got, test.want)
		}
	}
	for _, chunks := range []string{"x\r\nok\r\n0\r\n\r\n", "2\nok\r\n0\r\n\r\n", "2\r\nok0\r\n\r\n", "-2\r\nok\r\n0\r\n\r\n", "11111111111111111\r\n"} {
		if got := take("POST", ok+"Transfer-Encoding: chunked\r\n\r\n"+chunks); got.err == nil {
			t.Errorf("chunks %q: %+v", chunks, got)
		}
	}
}

// What is taken net/http takes too, and reads the same from it.
func FuzzAnswer(f *testing.F) {
	for _, seed := range []string{
		"HTTP/1.1 204 No Content\r\n\r\n",
		"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
		"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n2\r\nok\r\n0\r\nX-Sum: 1\r\n\r\n",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
		"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\nall",
		"HTTP/2.0 301 Moved\r\nLocation: /a\r\nServer: s\r\nserver: t\r\nConnection: close\r\n\r\n",
		"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 503 Busy\nRetry-After: 5\nX-Request-ID: \t7 \n\nlater",
		"HTTP/1.1 200 OK\r\nServer: a\r\n b\r\nContent-Length : 2\r\n\r\nok",
		"HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\nTransfer-Encoding: chunked\r\n\r\n",
		"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n\x00\x01",
		"HTTP/1.1 200 \nTransfer-Encoding:Chunked\n\n0\r\n\n",
		"220 mail.example.com ready\r\n",
	} {
		f.Add([]byte(seed), false)
		f.Add([]byte(seed), true)
	}
	f.Fuzz(func(t *testing.T, sent []byte, head bool) {
		method := http.MethodPost
		if head {
			method = http.MethodHead
		}
		ours := take(method, string(sent))
		theirs, location := takeAsNetHTTP(method, sent)
		switch {
		case ours.err != nil:
			return // stricter in some things
		case theirs.err != nil && strings.Contains(theirs.err.Error(), "bad trailer key"):
			return // what a trailer is announced to hold is not read
		case theirs.err != nil:
			t.Fatalf("taken, but net/http says %v", theirs.err)
		}
		if ours.status != theirs.status || ours.body != theirs.body || ours.again && !theirs.again {
			t.Fatalf("read %+v, net/http %+v", ours, theirs)
		}
		for _, name := range []string{"Content-Type", "Retry-After", "Server", "X-Request-Id"} {
			if !slices.Equal(ours.kept[name], theirs.kept[name]) {
				t.Fatalf("%s: read %q, net/http %q", name, ours.kept[name], theirs.kept[name])
			}
		}
		x := newExchange()
		x.in.Reset(bytes.NewReader(sent))
		if err := x.readHead(); err != nil || x.answer.location != location {
			t.Fatalf("location: read %q (%v), net/http %q", x.answer.location, err, location)
		}
	})
}

func takeAsNetHTTP(method string, sent []byte) (got taken, location string) {
	in := bufio.NewReader(bytes.NewReader(sent))
	for {
		answer, err := http.ReadResponse(in, &http.Request{Method: method})
		if err != nil {
			return taken{err: err}, ""
		}
		defer answer.Body.Close()
		if s := answer.StatusCode; s < 200 && s != http.StatusSwitchingProtocols {
			continue
		}
		body, err := io.ReadAll(answer.Body)
		again := err == nil && !answer.Close && in.Buffered() == 0 && answer.StatusCode != http.StatusSwitchingProtocols
		return taken{answer.StatusCode, string(body), answer.Header, again, err}, answer.Header.Get("Location")
	}
}
