package check

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"parley"
	"parley/internal/outbound"
)

// rawBytes sends what comes out differently when JSON is read and written again:
// characters that may be escaped or not, and numbers with more than one spelling.
func (e *exam) rawBytes(ctx context.Context) finding {
	return inTurn(
		func() finding {
			return e.verbatim(ctx, e.said("Größe <b>\"42\"</b> & 50 % — 東京 👩🏽‍🚀 \\ / \u2028 مرحبا"), "other alphabets, emoji and escapes")
		},
		func() finding {
			data, _ := exampleOf("conversation.variables_changed").(parley.ConversationEvent)
			data.Conversation.Variables = parley.Values{
				"large": json.RawMessage("9007199254740993"), "price": json.RawMessage("10.00"), "ratio": json.RawMessage("1e3"),
			}
			return e.verbatim(ctx, e.event("conversation.variables_changed", data), "the numbers 10.00, 1e3 and 9007199254740993")
		},
	)
}

// verbatim delivers an event that is refused by those who do not verify its bytes.
func (e *exam) verbatim(ctx context.Context, v event, with string) finding {
	v.what += " with " + with
	return accepted(v.what, e.deliver(ctx, v),
		"Verify the body as it came, as UTF-8 bytes and before any middleware parses it: JSON that is read and written again, or text in another encoding, has other bytes.")
}

// The sizes of bodies that every receiver has to take: what an API request may
// hold, a message may.
const (
	large   = 256 << 10
	largest = 1<<20 - 1
)

func (e *exam) largePayload(ctx context.Context) finding {
	return inTurn(
		func() finding { return e.sized(ctx, large, "256 KiB") },
		func() finding { return e.sized(ctx, largest, "just under 1 MiB") },
	)
}

// sized delivers an event whose body has so many bytes.
func (e *exam) sized(ctx context.Context, size int, name string) finding {
	frame := len(e.said("").body)
	v := e.said(strings.Repeat("Bread and butter. ", size/18+1)[:size-frame-1])
	const mend = "Take bodies of at least 1 MiB here: raise the limit of the framework's body parser, and of the proxy before it."
	r := e.deliver(ctx, v)
	f := accepted(v.what+" of "+name, r, mend)
	if r.Failure != nil && r.Failure.Kind == outbound.Reset {
		f.mend = mend // it hung up on what it found too long
	}
	return f
}

// eventTypes delivers one event of each type that there is.
func (e *exam) eventTypes(ctx context.Context) finding {
	const atATime = 4
	begun := time.Now()
	var events []event
	for _, declared := range parley.Catalogue() {
		events = append(events, e.event(declared.Name, declared.Example))
	}
	for i, r := range e.deliverAll(ctx, events, atATime) {
		if !r.OK() {
			return accepted(events[i].what, r, "Answer every event that is verified with 2xx, also those that nothing is done with; or subscribe to those types only that it takes.")
		}
	}
	return finding{
		verdict: Pass, sent: fmt.Sprintf("an event of each of the %d types", len(events)),
		received: "2xx to each, all in " + duration(time.Since(begun)),
	}
}

func (e *exam) unknownType(ctx context.Context) finding {
	v := e.event("conversation.applauded", exampleOf("conversation.updated")).as("conversation.applauded, which is no type yet")
	return accepted(v.what, e.deliver(ctx, v),
		"Answer 2xx to a type that it does not know and do nothing: types are added, and one that is refused is sent again until it counts as failed.")
}

func (e *exam) unknownMembers(ctx context.Context) finding {
	v := e.usualEvent().extended()
	return accepted(v.what, e.deliver(ctx, v),
		"Pass over members that it does not know instead of refusing the event: releases add some.")
}

// duplicate delivers an event twice: what the second time is answered counts.
func (e *exam) duplicate(ctx context.Context) finding {
	v := e.usualEvent()
	twice := func() finding {
		return accepted(v.what, e.deliver(ctx, v),
			"Answer 2xx to an event whose webhook-id it had before and do nothing: an answer that gets lost makes Parley send again, and one that is refused makes it go on.")
	}
	return inTurn(twice, func() finding {
		v = v.as("the same again")
		return twice()
	})
}
