package webhooks

import (
	"time"

	"parley"
	"parley/internal/dashboard/names"
	"parley/internal/dashboard/page"
	"parley/internal/endpoint"
	"parley/internal/store"
)

// standing is how an endpoint stands now.
type standing struct {
	parley.Webhook
	Since    parley.Time // when it came to have its status
	MayWrite bool
}

func (s standing) version() string { return version(s.Webhook, s.Since) }

// often is how often it is looked at: a rewind moves quickly.
func (s standing) often() string {
	if s.Rewind != nil {
		return "live throttle:500ms, every 1s"
	}
	return "live throttle:500ms, every 5s"
}

// rewound is how much of a rewind is done, of all of it.
func (s standing) rewound() (done, all int64) {
	all = s.Rewind.Until - s.Rewind.From + 1
	return all - min(s.Rewind.Remaining, all), all
}

// detail is all that the page of an endpoint shows.
type detail struct {
	standing
	Activity activity
	Inboxes  []string
	Keys     []endpoint.PublicKey
}

func readStanding(r *page.Request) (s standing, err error) {
	if s.Webhook, err = endpointOf(r); err != nil {
		return s, err
	}
	s.MayWrite = r.Allows(writing)
	healths, err := r.Site.Endpoints.Healths(r.Context(), r.Org(), s.ID)
	s.Since = healths[s.ID].Since
	return s, err
}

func show(r *page.Request) error {
	s, err := readStanding(r)
	if err != nil {
		return err
	}
	d := detail{standing: s}
	if d.Activity, err = readActivity(r, s.Webhook); err != nil {
		return err
	}
	for _, id := range s.InboxIDs {
		inbox, err := store.Inboxes.Get(r.Context(), r.Site.DB.Read(), r.Org(), string(id))
		switch {
		case parley.KindOf(err) == parley.NotFound:
			d.Inboxes = append(d.Inboxes, string(id)+", which was deleted")
		case err != nil:
			return err
		default:
			d.Inboxes = append(d.Inboxes, inbox.Name)
		}
	}
	if s.PublicKey != nil {
		if d.Keys, err = r.Site.Endpoints.PublicKeys(r.Context(), r.Org(), s.ID); err != nil {
			return err
		}
	}
	return r.Page(page.Show{Title: names.Endpoint(s.Description, s.URL), Current: home}, detailPage(d))
}

func showStanding(r *page.Request) error {
	s, err := readStanding(r)
	if gone(r, err) {
		return r.Part(gonePart("standing", "This endpoint was deleted, and with it the record of its deliveries."))
	}
	if err != nil || unchanged(r, s.version()) {
		return err
	}
	return r.Part(standingPart(s))
}

// gone tells whether what a page shows was deleted while somebody looks at it.
func gone(r *page.Request, err error) bool {
	return r.Partial() && parley.KindOf(err) == parley.NotFound
}

// spans are the times that figures are shown of.
var spans = []struct {
	Name, Text, Resolution string
	Long                   time.Duration
}{
	{"1h", "1 hour", "minute", time.Hour}, {"24h", "24 hours", "quarter_hour", 24 * time.Hour}, {"7d", "7 days", "two_hours", 7 * 24 * time.Hour},
}
