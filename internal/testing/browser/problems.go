package browser

import (
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"
	"sync"

	browserlog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
)

// log collects the problems of a tab from its events.
type log struct {
	mu       sync.Mutex
	problems []string
	requests map[network.RequestID]string // what was asked for, to name it when it fails
}

func newLog() *log {
	return &log{requests: map[network.RequestID]string{}}
}

func (l *log) read() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.problems)
}

// add judges one event of the tab.
func (l *log) add(event any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeAssert {
			l.report("console error: %s", words(e.Args))
		}
	case *runtime.EventExceptionThrown:
		l.report("uncaught exception: %s", exception(e.ExceptionDetails))
	case *browserlog.EventEntryAdded:
		l.entry(e.Entry)
	case *network.EventRequestWillBeSent:
		l.request(e.RequestID, e.Request.Method+" "+e.Request.URL, e.Request.URL)
	case *network.EventWebSocketCreated:
		l.request(e.RequestID, "WebSocket "+e.URL, e.URL)
	case *network.EventResponseReceived:
		l.answer(e)
	case *network.EventLoadingFailed:
		l.failure(e)
	}
}

// entry takes what the browser itself writes to the console, where violations of
// the content security policy are told. Failed requests stand there too, but
// without saying what was asked for: their own events do.
func (l *log) entry(e *browserlog.Entry) {
	if e.Level == browserlog.EntryLevelError && e.Source != browserlog.EntrySourceNetwork {
		l.report("%s error: %s", e.Source, e.Text)
	}
}

func (l *log) request(id network.RequestID, what, address string) {
	l.requests[id] = what
	if !staysHere(address) {
		l.report("%s leaves this machine", what)
	}
}

// answer reports an answer that says no. That a site has no icon where browsers
// look for one unasked is no problem of the page, and is told at some later time.
func (l *log) answer(e *network.EventResponseReceived) {
	if e.Response.Status < 400 || strings.HasSuffix(e.Response.URL, "/favicon.ico") {
		return
	}
	l.report("%s answered %d", l.requests[e.RequestID], e.Response.Status)
}

// failure reports a request that got no answer. One that the page gave up itself
// is none, nor is one for which the test cut the line; one that the content security
// policy stopped has been told already.
func (l *log) failure(e *network.EventLoadingFailed) {
	if e.Canceled || e.BlockedReason == network.BlockedReasonCsp || e.ErrorText == "net::ERR_INTERNET_DISCONNECTED" {
		return
	}
	l.report("%s failed: %s", l.requests[e.RequestID], e.ErrorText)
}

func (l *log) report(format string, args ...any) {
	l.problems = append(l.problems, fmt.Sprintf(format, args...))
}

// staysHere tells whether an address can be read without leaving this machine:
// it is a loopback address, or one that needs no network, such as data: and blob:.
func staysHere(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	switch u.Scheme {
	case "http", "https", "ws", "wss":
		host := u.Hostname()
		return host == "localhost" || net.ParseIP(host).IsLoopback()
	}
	return true
}

func words(args []*runtime.RemoteObject) string {
	var said []string
	for _, arg := range args {
		if arg.Description != "" {
			said = append(said, arg.Description)
		} else {
			said = append(said, strings.Trim(string(arg.Value), `"`))
		}
	}
	return strings.Join(said, " ")
}

func exception(e *runtime.ExceptionDetails) string {
	if e.Exception != nil {
		return e.Text + " " + words([]*runtime.RemoteObject{e.Exception})
	}
	return e.Text
}
