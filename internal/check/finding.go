package check

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"parley/internal/outbound"
)

// finding is what a check has found.
type finding struct {
	verdict              Verdict
	sent, received, mend string
}

func notMade(how string) finding { return finding{verdict: NotMade, mend: how} }

// found is a finding about what was answered to something.
func found(v Verdict, sent string, r outbound.Result, mend string) finding {
	return finding{v, sent, answerOf(r), mend}
}

// passed is the finding that something was answered as it should be.
func passed(sent string, r outbound.Result) finding {
	return finding{verdict: Pass, sent: sent, received: statusOf(r) + " in " + duration(r.Duration)}
}

const (
	limited   = "It limits how often it is called: let through what Parley sends, or it comes late."
	sinceWhen = "It took such events before: look for what is different now in its log."
)

// accepted passes if the receiver took what was sent; mend says what to do about
// it if the answer itself does not tell.
func accepted(sent string, r outbound.Result, mend string) finding {
	switch {
	case r.OK():
		return passed(sent, r)
	case r.Failure != nil:
		mend = r.Failure.Message
	case r.Status == http.StatusTooManyRequests:
		mend = limited
	case r.Status >= 500:
		mend = "It broke: look for the cause in its log. " + mend
	}
	return found(Fail, sent, r, mend)
}

// refused passes if the receiver would not take what was sent, and said so with
// 4xx; mend says what to do about it if it took it.
func refused(sent string, r outbound.Result, mend string) finding {
	switch {
	case r.OK():
		return found(Fail, sent, r, mend)
	case r.Failure == nil && r.Status >= 400 && r.Status <= 499:
		return passed(sent, r)
	}
	return found(Warning, sent, r, "It did not take it, but seems to have broken: refuse with 401 before anything else is done.")
}

// inTurn is the first finding that is not a pass; if all are, it is all of them.
func inTurn(steps ...func() finding) finding {
	var sent, received []string
	for _, step := range steps {
		f := step()
		if f.verdict != Pass {
			return f
		}
		sent, received = append(sent, f.sent), append(received, f.received)
	}
	return finding{verdict: Pass, sent: strings.Join(sent, "; "), received: strings.Join(received, "; ")}
}

// answerOf is what came back, in a line.
func answerOf(r outbound.Result) string {
	if r.Status == 0 {
		return "no answer in " + duration(r.Duration)
	}
	s := statusOf(r) + " in " + duration(r.Duration)
	if r.Failure != nil {
		return s + ", which does not count"
	}
	if len(r.Body) == 0 {
		return s
	}
	return s + ": " + excerpt(r.Body)
}

func statusOf(r outbound.Result) string {
	return strings.TrimSpace(strconv.Itoa(r.Status) + " " + http.StatusText(r.Status))
}

// excerpt is the beginning of a text, quoted, as it may hold anything.
func excerpt(text []byte) string {
	const most = 100
	s := strings.Join(strings.Fields(strings.ToValidUTF8(string(text), "�")), " ")
	if utf8.RuneCountInString(s) > most {
		s = string([]rune(s)[:most]) + "…"
	}
	return strconv.Quote(s)
}

func duration(d time.Duration) string {
	if d < time.Second {
		return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000)
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}
