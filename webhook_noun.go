package parley

// Webhook is an endpoint: a URL of somebody else's that receives the events it
// subscribes to.
type Webhook struct {
	ID             WebhookID      `json:"id"`
	URL            string         `json:"url" write:"create,update" required:"true" maxLength:"2000" doc:"Where events are posted to: https, on a public address" example:"https://example.com/webhooks/parley"`
	Description    string         `json:"description" write:"create,update" maxLength:"500"`
	EventTypes     []string       `json:"event_types" write:"create,update" required:"true" minItems:"1" maxItems:"200" doc:"Types or patterns: conversation.created, conversation.*, custom.*, or * for all" example:"[\"conversation.*\",\"message.created\"]"`
	InboxIDs       []InboxID      `json:"inbox_ids" write:"create,update" maxItems:"200" doc:"Only events of these inboxes: of the inboxes themselves, their conversations, messages and notes, and of the tasks, tickets and orders about their conversations and the payments of those orders. Empty: all events, also those that belong to no inbox"`
	Filter         string         `json:"filter" write:"create,update" maxLength:"4000" doc:"Only events for which this condition in CEL (https://cel.dev) is true; empty: all. It speaks of the event's members: type, data.conversation.status, …; where an event lacks what the condition needs, it is not true" example:"data.conversation.labels.exists(l, l == 'vip')"`
	Transformation string         `json:"transformation" write:"create,update" maxLength:"65536" doc:"JavaScript that defines function transform(event): what it returns is sent instead of the event; empty: the event itself. It is given the event in the endpoint's format, and goes with every format but batch. An error in it is a failed attempt. Try it out with POST /v1/webhooks/preview" example:"function transform(event) { return { text: event.type } }"`
	Format         string         `json:"format" write:"create" enum:"standard,flat,batch,cloudevents" default:"standard" doc:"How events are written down for it. standard: the event as it is here; flat: {event, timestamp, data, webhookId} with data in one level, in camelCase; batch: {events: […]}, one or more in a request, with numeric ids and types such as conversation_create, message and status; cloudevents: CloudEvents 1.0 in structured JSON. It is chosen once: for another one make another endpoint"`
	Headers        Headers        `json:"headers" write:"create,update" maxProperties:"20" doc:"Headers sent with every request; their values are not shown again. On PATCH, null removes one"`
	Auth           Auth           `json:"auth" write:"create,update" doc:"How requests show who they come from, besides their signature; its secrets are not shown again"`
	Signing        string         `json:"signing" write:"create,update" enum:"v1,v1a,both" default:"v1" doc:"The signatures that requests carry, by their names in Standard Webhooks: v1 is HMAC-SHA256 with the shared secret, v1a is ed25519, verified with public_key"`
	PublicKey      *string        `json:"public_key" doc:"What v1a signatures are verified with; null: requests carry none"`
	Verification   Verification   `json:"verification" write:"create,update" doc:"How the endpoint proves that it wants to be sent events"`
	Ordering       string         `json:"ordering" write:"create,update" enum:"key,strict,none" default:"key" doc:"key: events of one conversation or object in order; strict: all in order, a failing one holds the rest; none"`
	Retry          Retry          `json:"retry" write:"create,update" doc:"When a delivery that failed is tried again"`
	TimeoutSeconds int            `json:"timeout_seconds" write:"create,update" minimum:"1" maximum:"30" default:"10" doc:"The limit for the whole exchange"`
	Status         EndpointStatus `json:"status" enum:"active,unverified,paused,failing,disabled"`
	StatusReason   *string        `json:"status_reason" doc:"Why it is not active"`
	Cursor         int64          `json:"cursor" db:"-" doc:"Everything up to this place in the log has been dealt with; 0 in events, as are lag and rewind, which change without one"`
	Lag            int64          `json:"lag" db:"-" doc:"How many events of the log lie beyond the cursor"`
	Rewind         *Rewind        `json:"rewind" db:"-" doc:"The rewind that is under way; null: none is"`
	CreatedAt      Time           `json:"created_at"`
	UpdatedAt      Time           `json:"updated_at"`
	Sequence       int64          `json:"sequence" doc:"The place in the log of the last change of this object"`
}

// Headers are extra request headers by name.
type Headers map[string]string

// Retry is when a delivery that failed is tried again.
type Retry struct {
	Preset string `json:"preset" enum:"standard,short,custom" default:"standard" doc:"standard: 5 s, 5 m, 30 m, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h; short: three times, exponentially; custom: your delays"`
	Delays []int  `json:"delays,omitempty" maxItems:"20" minimum:"1" maximum:"604800" doc:"With custom: seconds before each retry"`
}

// Auth is how requests to an endpoint show who they come from. Which members there
// are depends on the type.
type Auth struct {
	Type         string   `json:"type" enum:"none,basic,bearer,oauth2,mtls" default:"none" doc:"basic: username and password; bearer: token; oauth2: client credentials (RFC 6749, 4.4), whose token is kept and renewed; mtls: a client certificate"`
	Username     string   `json:"username,omitempty" maxLength:"500" doc:"With basic"`
	Password     string   `json:"password,omitempty" maxLength:"2000" doc:"With basic"`
	Token        string   `json:"token,omitempty" maxLength:"8000" doc:"With bearer"`
	TokenURL     string   `json:"token_url,omitempty" maxLength:"2000" doc:"With oauth2: where tokens are fetched from"`
	ClientID     string   `json:"client_id,omitempty" maxLength:"500" doc:"With oauth2"`
	ClientSecret string   `json:"client_secret,omitempty" maxLength:"2000" doc:"With oauth2"`
	Scopes       []string `json:"scopes,omitempty" maxItems:"50" doc:"With oauth2: what the token is to be good for"`
	Certificate  string   `json:"certificate,omitempty" maxLength:"32768" doc:"With mtls: the certificate and its chain, in PEM"`
	PrivateKey   string   `json:"private_key,omitempty" maxLength:"16384" doc:"With mtls: the certificate's key, in PEM"`
}

// Verification is how an endpoint proves that it wants to be sent events.
type Verification struct {
	Type  string `json:"type" enum:"none,token_echo" default:"none" doc:"token_echo: a POST with the token must be answered with 200 and the same token; until then the endpoint is unverified and is sent nothing else"`
	Token string `json:"token,omitempty" maxLength:"500" doc:"With token_echo: what is sent and expected back; not shown again. With format batch each request shows it, in the header X-Webhook-Token"`
}

// Rewind is a way back in the log: an endpoint is sent again what it was sent before.
type Rewind struct {
	From      int64 `json:"from" doc:"The sequence of the first event that is sent again"`
	Until     int64 `json:"until" doc:"The sequence of the last: where the cursor stood"`
	Remaining int64 `json:"remaining" doc:"How many events of the log between the two have yet to be dealt with"`
	Pace      *int  `json:"pace" doc:"How many events a second are sent at most; null: as many as the endpoint takes"`
	StartedAt Time  `json:"started_at"`
}

// EndpointStatus is how a webhook endpoint stands.
type EndpointStatus string

// The statuses of an endpoint. Only an active one is sent events as they come; a
// failing one is probed; an unverified one has yet to answer its token; a paused or
// disabled one waits to be resumed. Events are held in the log in every case.
const (
	EndpointActive     EndpointStatus = "active"
	EndpointUnverified EndpointStatus = "unverified"
	EndpointPaused     EndpointStatus = "paused"
	EndpointFailing    EndpointStatus = "failing"
	EndpointDisabled   EndpointStatus = "disabled"
)

// Delivery is what became of one event at one endpoint.
type Delivery struct {
	ID            DeliveryID     `json:"id"`
	WebhookID     WebhookID      `json:"webhook_id"`
	EventID       EventID        `json:"event_id"`
	EventType     string         `json:"event_type"`
	EventSequence int64          `json:"event_sequence"`
	Status        DeliveryStatus `json:"status" enum:"delivered,retrying,failed,skipped" doc:"delivered: the endpoint answered 2xx; retrying: it is tried again; failed: it is not, and is kept; skipped: the transformation returned nothing, so nothing was sent"`
	AttemptCount  int            `json:"attempt_count"`
	StatusCode    *int           `json:"status_code" doc:"The HTTP status of the last attempt's answer; null: there was none"`
	Error         *string        `json:"error" doc:"What went wrong in the last attempt"`
	NextAttemptAt *Time          `json:"next_attempt_at" doc:"When it is tried again"`
	LastAttemptAt *Time          `json:"last_attempt_at"`
	Attempts      []Attempt      `json:"attempts,omitempty" doc:"Every attempt, oldest first; only when a single delivery is asked for"`
}

// DeliveryStatus is how a delivery stands.
type DeliveryStatus string

// The statuses of a delivery that was attempted, or will be again.
const (
	Delivered DeliveryStatus = "delivered"
	Retrying  DeliveryStatus = "retrying"
	Failed    DeliveryStatus = "failed"
	Skipped   DeliveryStatus = "skipped"
)

// Attempt is one request to an endpoint and its answer.
type Attempt struct {
	Number       int     `json:"number"`
	At           Time    `json:"at"`
	DurationMS   float64 `json:"duration_ms"`
	StatusCode   *int    `json:"status_code" doc:"The HTTP status of the answer; null: there was none"`
	Error        *string `json:"error" doc:"What went wrong; null: the answer was 2xx"`
	ResponseBody *string `json:"response_body" doc:"The first 4 KiB of the answer, kept for attempts that failed"`
}
