package parley_test

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"parley"
)

func TestIDsAreInOrderAndNeverRepeat(t *testing.T) {
	t.Parallel()
	const makers, each = 8, 5000
	lists := make([][]parley.ContactID, makers)
	var all sync.WaitGroup
	for i := range lists {
		all.Go(func() {
			for range each {
				lists[i] = append(lists[i], parley.NewID[parley.ContactID]())
			}
		})
	}
	all.Wait()
	seen := make(map[parley.ContactID]bool, makers*each)
	for _, list := range lists {
		if !slices.IsSorted(list) {
			t.Error("ids made one after another are not in order")
		}
		for _, id := range list {
			if seen[id] {
				t.Fatalf("%s was made twice", id)
			}
			seen[id] = true
		}
	}
}

func TestAnIDSaysWhatItNames(t *testing.T) {
	t.Parallel()
	checkID[parley.OrganizationID](t, "org")
	checkID[parley.UserID](t, "usr")
	checkID[parley.APIKeyID](t, "key")
	checkID[parley.InboxID](t, "inb")
	checkID[parley.ContactID](t, "con")
	checkID[parley.ConversationID](t, "conv")
	checkID[parley.MessageID](t, "msg")
	checkID[parley.NoteID](t, "note")
	checkID[parley.LabelID](t, "lbl")
	checkID[parley.CustomFieldID](t, "cf")
	checkID[parley.EventID](t, "evt")
	checkID[parley.WebhookID](t, "whk")
	checkID[parley.DeliveryID](t, "dlv")
	checkID[parley.TaskID](t, "task")
	checkID[parley.TicketID](t, "tkt")
	checkID[parley.OrderID](t, "ord")
	checkID[parley.PaymentID](t, "pay")
	checkID[parley.PipelineID](t, "pipe")
	checkID[parley.StageID](t, "stg")
	checkID[parley.DealID](t, "deal")
}

func checkID[I parley.ID](t *testing.T, prefix string) {
	t.Helper()
	id := parley.NewID[I]()
	suffix, ok := strings.CutPrefix(string(id), prefix+"_")
	if !ok || len(suffix) != 26 || strings.Trim(suffix, "0123456789abcdefghjkmnpqrstvwxyz") != "" {
		t.Errorf("an id looks like %q, want %s_ and 26 characters", id, prefix)
	}
	if again, ok := parley.ParseID[I](string(id)); !ok || again != id {
		t.Errorf("%s is read as %s, %v", id, again, ok)
	}
	if made := parley.MakeID(prefix); len(made) != len(id) || made <= string(id) {
		t.Errorf("made by its prefix, an id is %s, after %s", made, id)
	}
	for name, wrong := range map[string]string{
		"nothing": "", "the prefix": prefix, "without a suffix": prefix + "_", "of another kind": "x" + string(id),
		"of a longer kind": parley.MakeID(prefix + "x"), "of a shorter kind": parley.MakeID(prefix[1:]),
		"too short": string(id[:len(id)-1]), "too long": string(id) + "0", "in capitals": strings.ToUpper(string(id)),
		"over 128 bits": prefix + "_8" + suffix[1:], "a letter that is not used": string(id[:len(id)-1]) + "u",
		"another separator": prefix + "-" + suffix, "not ASCII": string(id[:len(id)-2]) + "é",
	} {
		if _, ok := parley.ParseID[I](wrong); ok {
			t.Errorf("%s: %q is taken for an id of %s", name, wrong, prefix)
		}
	}
}

func TestAnEventIDCarriesItsSequence(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		seq := rapid.Int64Range(1, 1<<42-1).Draw(t, "seq")
		id := parley.NewEventID(seq)
		if got := id.Sequence(); got != seq {
			t.Fatalf("%s carries %d, want %d", id, got, seq)
		}
		if _, ok := parley.ParseID[parley.EventID](string(id)); !ok {
			t.Fatalf("%s is no id", id)
		}
		if again := parley.NewEventID(seq); again == id {
			t.Fatalf("%s can be guessed", id)
		}
	})
	for _, none := range []parley.EventID{"", "evt_", "con_01kaf0v3b6f3nb8h5r0z7c4q9j"} {
		if got := none.Sequence(); got != 0 {
			t.Errorf("%q carries %d", none, got)
		}
	}
}

func TestADeliveryIDIsMadeOfItsParts(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		seq := rapid.Int64Range(1, 1<<42-1).Draw(t, "seq")
		webhook, other := parley.NewID[parley.WebhookID](), parley.NewID[parley.WebhookID]()
		id := parley.NewDeliveryID(webhook, seq)
		if again := parley.NewDeliveryID(webhook, seq); again != id {
			t.Fatalf("the same delivery is %s and %s", id, again)
		}
		if parley.NewDeliveryID(other, seq) == id || parley.NewDeliveryID(webhook, seq+1) == id {
			t.Fatalf("another delivery is %s too", id)
		}
		gotSeq, tail, ok := id.Parts()
		if gotSeq != seq || tail != webhook.Tail() || !ok || !strings.HasSuffix(string(webhook), tail) {
			t.Fatalf("%s is made of %d and %s (%v), want %d and %s", id, gotSeq, tail, ok, seq, webhook.Tail())
		}
		if _, ok := parley.ParseID[parley.DeliveryID](string(id)); !ok {
			t.Fatalf("%s is no id", id)
		}
	})
	if _, _, ok := parley.DeliveryID("whk_01kaf0v3bcf4p7y5h2d8s1z6kt").Parts(); ok {
		t.Error("an endpoint's id is taken for a delivery's")
	}
}

func TestNumbersOfIDsGrowAndStay(t *testing.T) {
	t.Parallel()
	before := int64(0)
	for range 10_000 {
		id := parley.NewID[parley.ConversationID]()
		n := parley.Number(id)
		if n <= before || n != parley.Number(id) {
			t.Fatalf("%s has the number %d, after %d", id, n, before)
		}
		before = n
	}
	if before >= 1<<53 {
		t.Errorf("%d is more than JavaScript counts to", before)
	}
	// Written down once: receivers keep these numbers.
	for id, want := range map[parley.ContactID]int64{
		"con_01kaf0v3b6f3nb8h5r0z7c4q9j":  114272991865066,
		"con_01jge3va00e0000000000000000": 0,    // one character too long
		"con_01jgf8xf00f000000000000000":  2048, // half of the first millisecond of 2025
		"con_00000000000000000000000000":  0,    // made in 1970
		"conv_01kaf0v3b9fh2c7d4z6s8w0x1p": 0,
		"":                                0,
	} {
		if n := parley.Number(id); n != want {
			t.Errorf("%q has the number %d, want %d", id, n, want)
		}
	}
}
