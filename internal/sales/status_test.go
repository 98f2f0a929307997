package sales_test

import (
	"strings"
	"testing"

	"parley"
)

// machine is what is true of a noun's statuses: how an object gets there, and what each
// verb does to it there. "won deal.won" is the new status and the event, "won" alone
// that it stays and nothing happens, "! move win" a conflict that names these verbs.
type machine struct {
	verbs    string
	statuses map[string]status
}

type status struct {
	by   string // the verbs that lead there
	does []string
}

var machines = map[string]machine{
	"order": {"fulfil cancel", map[string]status{
		"requested": {"", []string{"fulfilled order.fulfilled", "cancelled order.cancelled"}},
		"fulfilled": {"fulfil", []string{"fulfilled", "!"}},
		"cancelled": {"cancel", []string{"!", "cancelled"}},
	}},
	"payment": {"confirm fail refund", map[string]status{
		"pending":  {"", []string{"paid payment.paid", "failed payment.failed", "! confirm fail"}},
		"paid":     {"confirm", []string{"paid", "! refund", "refunded payment.refunded"}},
		"failed":   {"fail", []string{"!", "failed", "!"}},
		"refunded": {"confirm refund", []string{"!", "!", "!"}},
	}},
	"deal": {"move win lose reopen", map[string]status{
		"open": {"", []string{"open deal.stage_changed", "won deal.won", "lost deal.lost", "open"}},
		"won":  {"win", []string{"! reopen", "won", "! reopen", "open deal.reopened"}},
		"lost": {"lose", []string{"! reopen", "! reopen", "lost", "open deal.reopened"}},
	}},
}

func TestEveryVerbInEveryStatus(t *testing.T) {
	inEach(t, func(t *testing.T, d *desk) {
		for noun, machine := range machines {
			for from, status := range machine.statuses {
				for i, verb := range strings.Fields(machine.verbs) {
					t.Run(noun+" "+from+" "+verb, func(t *testing.T) {
						d := d.in(t)
						d.check(noun, from, verb, d.make(noun, strings.Fields(status.by)...), status.does[i])
					})
				}
			}
		}
	})
}

func (d *desk) check(noun, from, verb, id, want string) {
	d.t.Helper()
	head := d.head()
	status, err := d.do(noun, id, verb)
	events := d.since(head)
	allowed, refused := strings.CutPrefix(want, "!")
	if !refused {
		wantStatus, wantEvents, _ := strings.Cut(want, " ")
		if err != nil || status != wantStatus || events != wantEvents {
			d.t.Errorf("it is %s, with the events %q and the error %v", status, events, err)
		}
		return
	}
	says := "nothing can be done with it any more."
	if verbs := strings.Fields(allowed); len(verbs) > 0 {
		says = "it allows " + strings.Join(verbs, ", ") + "."
	}
	if parley.KindOf(err) != parley.Conflict || !strings.Contains(err.Error(), from) || !strings.HasSuffix(err.Error(), says) || events != "" {
		d.t.Errorf("the error is %v, and the events are %q; want a conflict that says %q", err, events, says)
	}
}

// A verb for what is not there is NotFound.
func TestVerbsOfWhatIsNotThere(t *testing.T) {
	inEach(t, func(t *testing.T, d *desk) {
		for noun, machine := range machines {
			id := map[string]string{
				"order": string(parley.NewID[parley.OrderID]()), "payment": string(parley.NewID[parley.PaymentID]()), "deal": string(parley.NewID[parley.DealID]()),
			}[noun]
			for verb := range strings.FieldsSeq(machine.verbs) {
				if _, err := d.do(noun, id, verb); parley.KindOf(err) != parley.NotFound {
					t.Errorf("%s %s: %v", verb, noun, err)
				}
			}
		}
	})
}

func TestAReopenedDealGoesOnLikeAnyOther(t *testing.T) {
	inEach(t, func(t *testing.T, d *desk) {
		head := d.head()
		d.make("deal", "win", "reopen", "move", "lose", "reopen", "win")
		want := "deal.created deal.won deal.reopened deal.stage_changed deal.lost deal.reopened deal.won"
		if got := d.since(head); got != want {
			t.Errorf("the events are %s", got)
		}
	})
}
