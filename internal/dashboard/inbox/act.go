package inbox

import (
	"strings"
	"time"

	"parley"
	"parley/internal/dashboard/page"
	"parley/internal/noun"
)

// act is a handler that changes a conversation and answers with its head as it is then.
// do says what was done, "" if that can be seen.
func act(do func(r *page.Request, s subject) (done string, err error)) func(*page.Request) error {
	return func(r *page.Request) error {
		s, err := readSubject(r)
		if err != nil {
			return err
		}
		if err := r.ReadForm(); err != nil {
			return err
		}
		done, err := do(r, s)
		if err != nil {
			return err
		}
		if !r.Partial() {
			return r.Done(s.URL, done)
		}
		if s, err = readSubject(r); err != nil {
			return err
		}
		if done != "" {
			r.Toast(done)
		}
		return r.Part(head(s))
	}
}

func (s subject) change(r *page.Request, change func(*parley.Conversation) error) error {
	_, err := r.Site.Conversations.Update(r.Context(), r.Caller(), s.ID, noun.AnyVersion, change)
	return err
}

// assign gives a conversation to an agent, or to nobody. Somebody who takes one tells who
// had it as far as they knew: if another has taken it meanwhile, it stays theirs.
func assign(r *page.Request, s subject) (string, error) {
	to := optional[parley.UserID](r.PostForm.Get("assignee"))
	known, was := r.PostForm["was"], optional[parley.UserID](r.PostForm.Get("was"))
	err := s.change(r, func(c *parley.Conversation) error {
		if known != nil && !same(c.AssigneeID, was) && !same(c.AssigneeID, to) {
			return parley.Errorf(parley.Conflict, "%s has the conversation by now. Assign it again if you want it anyway.", orNobody(s.User(c.AssigneeID)))
		}
		c.AssigneeID = to
		return nil
	})
	switch {
	case to == nil:
		return "Assigned to nobody.", err
	case *to == s.Viewer.ID:
		return "Assigned to you.", err
	}
	return "Assigned to " + s.User(to) + ".", err
}

func assignTeam(r *page.Request, s subject) (string, error) {
	to := optional[parley.TeamID](r.PostForm.Get("team"))
	err := s.change(r, func(c *parley.Conversation) error {
		c.TeamID = to
		return nil
	})
	if to == nil {
		return "Taken from its team.", err
	}
	return "Given to the team " + s.Team(to) + ".", err
}

func setStatus(r *page.Request, s subject) (string, error) {
	status := parley.Status(r.PostForm.Get("status"))
	if status != parley.Open && status != parley.Pending && status != parley.Resolved {
		return "", parley.InvalidField("body.status", "must be open, pending or resolved")
	}
	err := s.change(r, func(c *parley.Conversation) error {
		c.Status, c.SnoozedUntil = status, nil
		return nil
	})
	return map[parley.Status]string{parley.Open: "Open again.", parley.Pending: "Set to pending.", parley.Resolved: "Resolved."}[status], err
}

func snooze(r *page.Request, s subject) (string, error) {
	until, err := snoozeUntil(r.PostForm.Get("until"), time.Now().In(r.Zone()))
	if err != nil {
		return "", err
	}
	at := parley.At(until)
	err = s.change(r, func(c *parley.Conversation) error {
		c.Status, c.SnoozedUntil = parley.Snoozed, &at
		return nil
	})
	return "Snoozed until " + until.Format("Mon 2 Jan, 15:04") + ".", err
}

// morning is the hour at which snoozed conversations come back.
const morning = 9

// snoozeUntil is the time that a choice means, in the viewer's zone: one of later,
// tomorrow and week, or a time as a field for one has it.
func snoozeUntil(choice string, now time.Time) (time.Time, error) {
	dayAt := func(days int) time.Time {
		return time.Date(now.Year(), now.Month(), now.Day()+days, morning, 0, 0, 0, now.Location())
	}
	switch choice {
	case "later":
		return now.Add(3 * time.Hour).Truncate(time.Minute), nil
	case "tomorrow":
		return dayAt(1), nil
	case "week":
		return dayAt((8-int(now.Weekday())-1)%7 + 1), nil // the next Monday
	}
	at, err := time.ParseInLocation("2006-01-02T15:04", choice, now.Location())
	if err != nil {
		return at, parley.InvalidField("body.until", "must be a date and a time")
	}
	return at, nil
}

func addLabel(r *page.Request, s subject) (string, error) {
	name := r.PostForm.Get("label")
	l := parley.Label{Name: strings.TrimSpace(name), Color: colorFor(name)}
	if l.Name == "" || len([]rune(l.Name)) > 60 {
		return "", parley.InvalidField("body.label", "must have 1 to 60 characters")
	}
	_, err := r.Site.Conversations.AddLabel(r.Context(), r.Caller(), s.ID, l)
	return "", err
}

func removeLabel(r *page.Request, s subject) (string, error) {
	err := r.Site.Conversations.RemoveLabel(r.Context(), r.Caller(), s.ID, r.PostForm.Get("label"))
	if parley.KindOf(err) == parley.NotFound {
		err = nil // somebody else was quicker
	}
	return "", err
}

// labelColors are what new labels are told apart by.
var labelColors = []string{"#7c3aed", "#dc2626", "#16a34a", "#2563eb", "#d97706", "#0891b2", "#c026d3", "#64748b"}

func colorFor(name string) string {
	sum := 0
	for _, c := range name {
		sum += int(c)
	}
	return labelColors[sum%len(labelColors)]
}

// remove deletes the conversation and goes back to the list.
func remove(r *page.Request) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	if err := r.Site.Conversations.Delete(r.Context(), r.Caller(), id); err != nil {
		return err
	}
	return r.Done("/inbox", "The conversation is deleted.")
}

// optional is an id of a form, nil if it is left empty.
func optional[I ~string](text string) *I {
	if text == "" {
		return nil
	}
	return new(I(text))
}

func same[I comparable](a, b *I) bool {
	return a == nil && b == nil || a != nil && b != nil && *a == *b
}

func orNobody(name string) string {
	if name == "" {
		return "Nobody"
	}
	return name
}
