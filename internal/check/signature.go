package check

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"time"
)

// rotation sends what Parley sends while a new secret replaces an old one, with
// the receiver's secret in the last place, then in the first and beside a version
// that it need not know.
func (e *exam) rotation(ctx context.Context) finding {
	const mend = "Split webhook-signature at its spaces and accept the request if any signature that begins with \"v1,\" is good: while a secret is replaced there are two."
	try := func(order string, join func(good, other string) string) func() finding {
		return func() finding {
			v := e.usualEvent()
			header := e.signed(v)
			other := headers(e.stranger, v, time.Now().Unix()).Get(headerSignature)
			header.Set(headerSignature, join(header.Get(headerSignature), other))
			return accepted(v.what+" with several signatures, the good one "+order, e.send(ctx, v.body, header), mend)
		}
	}
	return inTurn(
		try("last", func(good, other string) string { return other + " " + good }),
		try("first, then one of a version to come", func(good, other string) string { return good + " v9," + other[len("v1,"):] }),
	)
}

const (
	verifyFirst = "Verify every request before anything is believed, best with a library for Standard Webhooks, and answer 401 if it does not verify."
	allHeaders  = "Refuse a request that lacks webhook-id, webhook-timestamp or webhook-signature with 400 or 401: whoever leaves them out must not get past the check."
)

func (e *exam) badSignature(ctx context.Context) finding {
	v := e.usualEvent()
	header := e.signed(v)
	header.Set(headerSignature, spoilt(header.Get(headerSignature)))
	return refused(v.what+" with a signature of which one character is wrong", e.send(ctx, v.body, header), verifyFirst)
}

// spoilt changes a character in the middle of a signature, so that it is still
// base64 of the same length.
func spoilt(signature string) string {
	middle := len(signature) / 2
	other := "A"
	if signature[middle] == 'A' {
		other = "B"
	}
	return signature[:middle] + other + signature[middle+1:]
}

func (e *exam) otherSecret(ctx context.Context) finding {
	v := e.usualEvent()
	r := e.send(ctx, v.body, headers(e.stranger, v, time.Now().Unix()))
	return refused(v.what+" signed with a secret that nobody knows", r, verifyFirst)
}

func (e *exam) changedBody(ctx context.Context) finding {
	v := e.said("Please pay 10.00 to Ada.")
	changed := bytes.Replace(v.body, []byte("10.00"), []byte("99.00"), 1)
	return refused(v.what+" with a text other than the one that was signed", e.send(ctx, changed, e.signed(v)),
		"Make the signature of webhook-id, webhook-timestamp and the whole body as it came, joined by dots: one that leaves the body out protects nothing.")
}

// missingHeaders leaves out each header in turn, then all.
func (e *exam) missingHeaders(ctx context.Context) finding {
	without := func(names ...string) func() finding {
		return func() finding {
			v := e.usualEvent()
			header := e.signed(v)
			for _, name := range names {
				header.Del(name)
			}
			return refused(v.what+" without "+strings.ToLower(strings.Join(names, ", ")), e.send(ctx, v.body, header), allHeaders)
		}
	}
	return inTurn(without(headerSignature), without(headerTimestamp), without(headerID),
		without(headerID, headerTimestamp, headerSignature))
}

func (e *exam) unknownVersion(ctx context.Context) finding {
	v := e.usualEvent()
	header := e.signed(v)
	header.Set(headerSignature, "v9,"+strings.TrimPrefix(header.Get(headerSignature), "v1,"))
	return refused(v.what+" with a signature of the version v9 alone", e.send(ctx, v.body, header),
		"Look at what stands before the comma of a signature and pass over every version but v1 (and v1a, if it is used): another may be made in another way.")
}

// offBy is how wrong a clock must be that no receiver goes by: Standard Webhooks
// libraries allow five minutes.
const offBy = 10 * time.Minute

const tolerance = "Refuse a webhook-timestamp that is more than 5 minutes from now, %s; it is in seconds, so compare seconds with seconds and not with milliseconds."

func (e *exam) stale(ctx context.Context) finding {
	return e.at(ctx, -offBy, "signed 10 minutes ago", fmt.Sprintf(tolerance, "or a request that somebody has recorded is good for ever"))
}

func (e *exam) future(ctx context.Context) finding {
	return e.at(ctx, offBy, "signed 10 minutes from now", fmt.Sprintf(tolerance, "in both directions"))
}

// at sends an event that was signed at another time.
func (e *exam) at(ctx context.Context, off time.Duration, what, mend string) finding {
	v := e.usualEvent()
	header := headers(e.signer, v, time.Now().Add(off).Unix())
	return refused(v.what+" "+what, e.send(ctx, v.body, header), mend)
}
