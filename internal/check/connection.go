package check

import (
	"context"
	"fmt"
	"time"

	"parley/internal/outbound"
)

// expiresSoon is how long before its end a certificate should be replaced.
const expiresSoon = 14 * 24 * time.Hour

// https looks at the certificate, if there is one.
func (e *exam) https(ctx context.Context) finding {
	if e.plain {
		return finding{verdict: Warning, mend: "Give it an https:// URL: Parley sends to http:// only in `parley dev`, or where its operator allows it."}
	}
	v := e.usualEvent()
	switch l := e.look(ctx, v); {
	case l.Failure != nil && l.Failure.Kind == outbound.TLS:
		return found(Fail, v.what, l.Result, l.Failure.Message)
	case l.tls == nil || len(l.tls.PeerCertificates) == 0:
		return finding{NotMade, v.what, answerOf(l.Result), "No answer came: see the next check."}
	default:
		return certificate(v, l.tls.PeerCertificates[0].NotAfter)
	}
}

func certificate(v event, ends time.Time) finding {
	f := finding{verdict: Pass, sent: v.what, received: "a certificate until " + ends.UTC().Format(time.DateOnly)}
	if time.Until(ends) < expiresSoon {
		f.verdict = Warning
		f.mend = "Renew its certificate: when it has ended, nothing is delivered any more."
	}
	return f
}

// answers passes on any answer at all.
func (e *exam) answers(ctx context.Context) finding {
	v := e.usualEvent()
	r := e.deliver(ctx, v)
	if r.Failure != nil && r.Failure.Kind != outbound.Redirect {
		return found(Fail, v.what, r, r.Failure.Message)
	}
	return passed(v.what, r)
}

func (e *exam) redirect(ctx context.Context) finding {
	v := e.usualEvent()
	r := e.deliver(ctx, v)
	if r.Failure != nil {
		return found(Fail, v.what, r, r.Failure.Message)
	}
	return passed(v.what, r)
}

// keepAlive sends two events, one after the other, and looks whether the second
// goes over the connection of the first.
func (e *exam) keepAlive(ctx context.Context) finding {
	const sent = "two events, one after the other"
	var last look
	for range 2 {
		if last = e.look(ctx, e.usualEvent()); !last.OK() {
			return accepted(sent, last.Result, sinceWhen)
		}
	}
	if last.reused {
		return finding{verdict: Pass, sent: sent, received: "both over one connection"}
	}
	return finding{
		Warning, sent, "the second needed a new connection",
		"Leave the connection open after an answer (HTTP keep-alive), and answer with less than 64 KiB: a new one for each event costs both sides more than the event.",
	}
}

// answerSize looks for answers that are cut off.
func (e *exam) answerSize(ctx context.Context) finding {
	v := e.usualEvent()
	switch l := e.look(ctx, v); {
	case !l.OK():
		return accepted(v.what, l.Result, sinceWhen)
	case l.long:
		return finding{
			Warning, v.what, "a body of more than 64 KiB",
			"Answer 204 without a body, and see that this is the receiver and not a page of a website: Parley keeps 4 KiB of an answer, and cuts it off with its connection after 64 KiB.",
		}
	default:
		return finding{verdict: Pass, sent: v.what, received: fmt.Sprintf("a body of %d bytes", l.size)}
	}
}
