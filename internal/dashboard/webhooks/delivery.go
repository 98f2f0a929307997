package webhooks

import (
	"strconv"
	"time"

	"parley"
	"parley/internal/dashboard/page"
	"parley/internal/endpoint"
)

// delivery is what became of an event at an endpoint, attempt by attempt.
type delivery struct {
	Webhook  parley.Webhook
	Event    *parley.Event
	Delivery parley.Delivery // without attempts before the first
	Last     *endpoint.SentRequest
	MayWrite bool
}

func (d delivery) id() parley.DeliveryID {
	return parley.NewDeliveryID(d.Webhook.ID, d.Event.Sequence)
}

func (d delivery) address(more string) string {
	return address(d.Webhook.ID, "/deliveries/"+string(d.id())+more)
}

func (d delivery) version() string { return version(d.Delivery, d.Webhook.Status, d.Webhook.Lag) }

// soon tells whether an attempt is due, so that its outcome can be waited for.
func (d delivery) soon() bool {
	if d.Webhook.Status != parley.EndpointActive && d.Webhook.Status != parley.EndpointFailing {
		return false
	}
	if d.Delivery.Status == "" {
		return true
	}
	return d.Delivery.Status == parley.Retrying && d.Delivery.NextAttemptAt != nil && d.Delivery.NextAttemptAt.Std().Before(time.Now().Add(time.Minute))
}

// often is how often it is looked at.
func (d delivery) often() string {
	if d.soon() {
		return "live throttle:500ms, every 1s"
	}
	return "live throttle:500ms, every 10s"
}

// newest are the attempts, the last first.
func (d delivery) newest() []parley.Attempt {
	all := d.Delivery.Attempts
	newest := make([]parley.Attempt, 0, len(all))
	for i := len(all) - 1; i >= 0; i-- {
		if all[i].Number > 0 {
			newest = append(newest, all[i])
		}
	}
	return newest
}

// readDelivery reads the delivery that the request is about. An event that the endpoint
// has yet to be sent is one too.
func readDelivery(r *page.Request) (d delivery, err error) {
	if d.Webhook, err = endpointOf(r); err != nil {
		return d, err
	}
	d.MayWrite = r.Allows(writing)
	id := parley.DeliveryID(r.PathValue("delivery"))
	seq, tail, ok := id.Parts()
	if !ok || tail != d.Webhook.ID.Tail() {
		return d, parley.Missing("delivery", id)
	}
	d.Event, err = r.Site.Log.At(r.Context(), r.Org(), seq)
	if parley.KindOf(err) == parley.NotFound {
		return d, parley.Missing("delivery", id)
	}
	if err != nil {
		return d, err
	}
	d.Delivery, err = r.Site.Endpoints.Delivery(r.Context(), r.Org(), id)
	if parley.KindOf(err) == parley.NotFound {
		return d, nil
	}
	return d, err
}

// readLast makes the request of the last attempt anew; those of others are read when
// they are looked at.
func (d *delivery) readLast(r *page.Request) error {
	attempts := d.newest()
	if len(attempts) == 0 {
		return nil
	}
	sent, err := r.Site.Endpoints.Request(r.Context(), r.Org(), d.id(), attempts[0].Number)
	d.Last = &sent
	return err
}

func showDelivery(r *page.Request) error {
	d, err := readDelivery(r)
	if err == nil {
		err = d.readLast(r)
	}
	if err != nil {
		return err
	}
	return r.Page(page.Show{Title: d.Event.Type, Current: home}, deliveryPage(d))
}

func showFate(r *page.Request) error {
	d, err := readDelivery(r)
	if gone(r, err) {
		return r.Part(gonePart("fate", "This delivery is no longer kept: its endpoint was deleted, or its event is too old."))
	}
	if err != nil || unchanged(r, d.version()) {
		return err
	}
	if err := d.readLast(r); err != nil {
		return err
	}
	return r.Part(fatePart(d))
}

// showRequest shows the request of one attempt.
func showRequest(r *page.Request) error {
	d, err := readDelivery(r)
	if err != nil {
		return err
	}
	number, err := strconv.Atoi(r.PathValue("number"))
	if err != nil {
		return parley.Missing("attempt", r.PathValue("number"))
	}
	sent, err := r.Site.Endpoints.Request(r.Context(), r.Org(), d.id(), number)
	if err != nil {
		return err
	}
	return r.Part(requestPart(sent))
}

func redeliver(r *page.Request) error {
	d, err := readDelivery(r)
	if err != nil {
		return err
	}
	if _, err := r.Site.Endpoints.Redeliver(r.Context(), r.Caller(), d.id()); err != nil {
		return err
	}
	return r.Done(d.address(""), "It is sent once more.")
}
