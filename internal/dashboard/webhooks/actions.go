package webhooks

import (
	"net/http"
	"strconv"
	"time"

	"parley"
	"parley/internal/dashboard/page"
	"parley/internal/dashboard/ui"
	"parley/internal/store"
)

// redeliveredAtMost is how many failed deliveries are made again at once.
const redeliveredAtMost = 10_000

// act finds the endpoint and reads the form for a verb.
func act(r *page.Request) (parley.Webhook, error) {
	if err := r.ReadForm(); err != nil {
		return parley.Webhook{}, err
	}
	return endpointOf(r)
}

func pause(r *page.Request) error {
	w, err := act(r)
	if err != nil {
		return err
	}
	if _, err := r.Site.Endpoints.Pause(r.Context(), r.Caller(), w.ID); err != nil {
		return err
	}
	return r.Done(address(w.ID, ""), "Paused. Events wait in the log until the endpoint is resumed.")
}

func resume(r *page.Request) error {
	w, err := act(r)
	if err != nil {
		return err
	}
	now := r.PostForm.Get("from") == "now"
	if _, err := r.Site.Endpoints.Resume(r.Context(), r.Caller(), w.ID, now); err != nil {
		return err
	}
	text := "Resumed. What was held is sent now."
	if now {
		text = "Resumed, with what happens from now on."
	}
	return r.Done(address(w.ID, ""), text)
}

func rotate(r *page.Request) error {
	w, err := act(r)
	if err != nil {
		return err
	}
	hours, err := strconv.Atoi(r.PostForm.Get("overlap"))
	if err != nil || hours < 0 || hours > 168 {
		return parley.InvalidField("body.overlap", "must be a number of hours from 0 to 168")
	}
	after, secret, err := r.Site.Endpoints.Rotate(r.Context(), r.Caller(), w.ID, time.Duration(hours)*time.Hour)
	if err != nil {
		return err
	}
	return r.Page(page.Show{Title: "New secret", Current: home, Status: http.StatusOK},
		secretPage(told{Webhook: after, Secret: string(secret), Rotated: true, Overlap: hours}))
}

// test sends a test event, the example of a type or the last event of it once more, and
// leads to its delivery, where the answer is seen as soon as it is there.
func test(r *page.Request) error {
	w, err := act(r)
	if err != nil {
		return err
	}
	name := r.PostForm.Get("type")
	if r.PostForm.Get("of") != "last" || name == parley.WebhookTested.Name() {
		_, delivery, err := r.Site.Endpoints.Test(r.Context(), r.Caller(), w.ID, name)
		if err != nil {
			return err
		}
		return r.Redirect(address(w.ID, "/deliveries/"+string(delivery)))
	}
	events, err := r.Site.Log.Query(r.Context(), r.Org(), store.Where("type = ?", name), true, 1)
	if err != nil {
		return err
	}
	if len(events) == 0 {
		return parley.Errorf(parley.Conflict, "No event of type %s has happened yet, so there is none to send: send the example.", name)
	}
	d, err := r.Site.Endpoints.Redeliver(r.Context(), r.Caller(), parley.NewDeliveryID(w.ID, events[0].Sequence))
	if err != nil {
		return err
	}
	return r.Redirect(address(w.ID, "/deliveries/"+string(d.ID)))
}

func verify(r *page.Request) error {
	w, err := act(r)
	if err != nil {
		return err
	}
	if _, err := r.Site.Endpoints.Verify(r.Context(), r.Caller(), w.ID); err != nil {
		return err
	}
	return r.Done(address(w.ID, ""), "Verified: it sent its token back. What was held is sent now.")
}

func redeliverFailed(r *page.Request) error {
	w, err := act(r)
	if err != nil {
		return err
	}
	done, err := r.Site.Endpoints.RedeliverFailed(r.Context(), r.Caller(), w.ID, store.Failures{}, redeliveredAtMost, false)
	if err != nil {
		return err
	}
	text := ui.Plural(done.Count, "delivery is made again.", "deliveries are made again.")
	if done.More {
		text += " There are more: do it once more."
	}
	return r.Done(address(w.ID, ""), text)
}

func remove(r *page.Request) error {
	w, err := act(r)
	if err != nil {
		return err
	}
	if err := r.Site.Endpoints.Delete(r.Context(), r.Caller(), w.ID); err != nil {
		return err
	}
	return r.Done(home, "The endpoint was deleted.")
}
