package endpoint

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"parley"
	"parley/internal/outbound"
	"parley/internal/payload"
)

// Diagnosis says whether a request verifies as one of Parley's to an endpoint, and what is
// wrong with it if not.
type Diagnosis struct {
	Verified bool      `json:"verified" doc:"Whether a receiver that knows the endpoint's present secret or public key should take it"`
	Findings []Finding `json:"findings" doc:"What was found, in the order in which a receiver would"`
}

// Finding is one thing that was found.
type Finding struct {
	Kind    FindingKind `json:"kind" enum:"missing_header,malformed_timestamp,too_old,too_new,malformed_signature,other_version,good,previous_secret,expired_secret,other_endpoint,body_altered,id_altered,no_match,unknown_event"`
	Message string      `json:"message" doc:"The same in a sentence, with the particulars" example:"The request was signed 12m0s ago: receivers refuse what is more than 5m0s old."`
}

// FindingKind is a finding in a word.
type FindingKind string

// The findings. With Good, PreviousSecret and UnknownEvent alone a request verifies.
const (
	MissingHeader      FindingKind = "missing_header"
	MalformedTimestamp FindingKind = "malformed_timestamp"
	TooOld             FindingKind = "too_old"
	TooNew             FindingKind = "too_new"
	MalformedSignature FindingKind = "malformed_signature"
	OtherVersion       FindingKind = "other_version"
	Good               FindingKind = "good"
	PreviousSecret     FindingKind = "previous_secret" // which is still good
	ExpiredSecret      FindingKind = "expired_secret"
	OtherEndpoint      FindingKind = "other_endpoint"
	BodyAltered        FindingKind = "body_altered"
	IDAltered          FindingKind = "id_altered"
	NoMatch            FindingKind = "no_match"
	UnknownEvent       FindingKind = "unknown_event"
)

// tolerance is how far from now receivers take the time of a request to be, as the
// Standard Webhooks specification has it.
const tolerance = 5 * time.Minute

// diagnoseWithin is how long may be looked for the secret that a request was signed with.
const diagnoseWithin = 5 * time.Second

// Diagnose tells what is wrong with a request that an endpoint is said to have been sent,
// from its headers, as they were logged or pasted, and its body. It never tells a secret.
func (e *Endpoints) Diagnose(ctx context.Context, org parley.OrganizationID, id parley.WebhookID, headers string, body []byte) (Diagnosis, error) {
	w, err := e.noun.Get(ctx, org, string(id))
	if err != nil {
		return Diagnosis{}, err
	}
	keys, err := e.loadKeyring(ctx, e.db.Read(), org, id)
	if err != nil {
		return Diagnosis{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, diagnoseWithin)
	defer cancel()
	x := examination{e: e, org: org, w: w, keys: keys, body: body, now: parley.Now()}
	if x.readHeaders(headers) {
		if err := x.search(ctx); err != nil {
			return Diagnosis{}, err
		}
	}
	x.Verified = true
	for _, f := range x.Findings {
		switch f.Kind {
		case Good, PreviousSecret, UnknownEvent:
		default:
			x.Verified = false
		}
	}
	return x.Diagnosis, nil
}

// examination is a request while it is looked at.
type examination struct {
	Diagnosis
	e    *Endpoints
	org  parley.OrganizationID
	w    parley.Webhook
	keys keyring
	body []byte
	now  parley.Time

	id         string
	unix       int64
	signatures []string // of the versions that are known
}

func (x *examination) find(kind FindingKind, message string, args ...any) {
	x.Findings = append(x.Findings, Finding{kind, fmt.Sprintf(message, args...)})
}

// readHeaders tells what is wrong with the headers, and whether a signature can be looked
// for all the same.
func (x *examination) readHeaders(text string) bool {
	headers := parseHeaders(text)
	for _, name := range []string{"webhook-id", "webhook-timestamp", "webhook-signature"} {
		if headers[name] == "" {
			x.find(MissingHeader, "There is no header %s: Parley sends it with every request. Was it dropped by a proxy, or not pasted?", name)
		}
	}
	x.id = headers["webhook-id"]
	timed := x.readTimestamp(headers["webhook-timestamp"])
	signed := x.readSignatures(headers["webhook-signature"])
	return x.id != "" && timed && signed
}

func (x *examination) readTimestamp(text string) bool {
	if text == "" {
		return false
	}
	const furthest = 1 << 40
	unix, err := strconv.ParseInt(text, 10, 64)
	switch {
	case err == nil && unix > 100_000_000_000 && unix < furthest*1000:
		x.find(MalformedTimestamp, "webhook-timestamp is %s, which looks like milliseconds: Parley sends seconds since 1970.", quoted(text))
		return false
	case err != nil || unix < 0 || unix >= furthest || strconv.FormatInt(unix, 10) != text:
		x.find(MalformedTimestamp, "webhook-timestamp is %s: it must be seconds since 1970, in digits only.", quoted(text))
		return false
	}
	x.unix = unix
	off := x.now.Std().Sub(time.Unix(unix, 0)).Round(time.Second)
	switch {
	case off > tolerance:
		x.find(TooOld, "The request was signed %v ago: receivers refuse what is more than %v old. If it has just arrived, the receiver's clock is fast or something held the request up.", off, tolerance)
	case -off > tolerance:
		x.find(TooNew, "The request was signed %v from now: receivers refuse what is more than %v ahead. A clock is wrong.", -off, tolerance)
	}
	return true
}

// readSignatures keeps the signatures of versions that are known.
func (x *examination) readSignatures(text string) bool {
	others := 0
	for signature := range strings.FieldsSeq(text) {
		version, encoded, parted := strings.Cut(signature, ",")
		size := map[string]int{"v1": 32, "v1a": 64}[version]
		switch {
		case !parted || size == 0:
			others++
		case !encodes(encoded, size):
			x.find(MalformedSignature, "The signature of version %s is not base64 of %d bytes: it was cut off or changed.", version, size)
		default:
			x.signatures = append(x.signatures, signature)
		}
	}
	if others > 0 && len(x.signatures) == 0 {
		x.find(OtherVersion, "webhook-signature has no signature of version v1 or v1a, which look like \"v1,\" and base64: this one is of another scheme.")
	}
	return len(x.signatures) > 0
}

// wording is a body that may have been what was signed, and how it differs from the one
// that is looked at.
type wording struct {
	body []byte
	says string
}

// search looks for what makes the signature good.
func (x *examination) search(ctx context.Context) error {
	event, err := x.event(ctx)
	if err != nil {
		return err
	}
	if key := x.signedBy(x.keys, x.id, x.body); key != nil {
		x.tellKey(*key)
		return nil
	}
	wordings := x.wordings(event)
	for _, v := range wordings {
		if key := x.signedBy(x.keys, x.id, v.body); key != nil {
			x.find(BodyAltered, "The body is not what was signed: %s. Verify the bytes as they came, before anything parses them.", v.says)
			if !key.valid(x.now) {
				x.tellKey(*key)
			}
			return nil
		}
	}
	if own := memberID(x.body); own != "" && own != x.id && x.signedBy(x.keys, own, x.body) != nil {
		x.find(IDAltered, "webhook-id is %s, and the signature is good for %s, as the body has it: the header was changed.", quoted(x.id), own)
		return nil
	}
	other, altered, err := x.otherEndpoint(ctx, append([]wording{{body: x.body}}, wordings...))
	switch {
	case err != nil:
		return err
	case other != nil:
		x.find(OtherEndpoint, "The signature is good with the secret of another endpoint, %s (%s): this request was sent to that one, or the receiver has the other one's secret.", other.ID, other.URL)
		if altered != "" {
			x.find(BodyAltered, "The body is not what was signed: %s.", altered)
		}
		return nil
	}
	x.find(NoMatch, "No secret of this organization makes this signature for this id, time and body: the body or a header was changed on the way, or the secret was replaced long ago.")
	return nil
}

// tellKey tells which of the endpoint's keys the signature is good with.
func (x *examination) tellKey(key signingKey) {
	switch {
	case !key.valid(x.now):
		x.find(ExpiredSecret, "The signature is good with a secret of this endpoint that was replaced and has been no good since %s: the sender or the receiver still has the old one.", *key.ExpiresAt)
	case key.ExpiresAt != nil:
		x.find(PreviousSecret, "The signature is good with the endpoint's previous secret, which is used until %s beside the new one.", *key.ExpiresAt)
	default:
		x.find(Good, "The signature is good with the endpoint's present secret, for this id, time and body.")
	}
}

// event is the one that the request is about; nil: it is not known.
func (x *examination) event(ctx context.Context) (*parley.Event, error) {
	if x.w.Format == "batch" {
		return nil, nil // webhook-id names the batch
	}
	id, ok := parley.ParseID[parley.EventID](x.id)
	if ok {
		event, err := x.e.log.Get(ctx, x.org, id)
		if parley.KindOf(err) != parley.NotFound {
			return event, err
		}
	}
	x.find(UnknownEvent, "webhook-id is %s, which is no event of this organization, or one that is no longer kept.", quoted(x.id))
	return nil, nil
}

// wordings are the bodies that may have been signed instead.
func (x *examination) wordings(event *parley.Event) []wording {
	all := respelled(x.body)
	setDefaults(&x.w)
	format, known := payload.Named(x.w.Format)
	if event == nil || !known || x.w.Transformation != "" {
		return all
	}
	if sent, err := format.Body(x.w.ID, event); err == nil {
		all = append(all, wording{sent, "Parley sent it " + differing(sent, x.body)})
	}
	return all
}

// signedBy is the key of a keyring that one of the signatures was made with; nil: none.
func (x *examination) signedBy(keys keyring, id string, body []byte) *signingKey {
	for _, key := range keys.Signing {
		var private []outbound.PrivateKey
		if key.Private != "" {
			private = []outbound.PrivateKey{key.Private}
		}
		signer, err := outbound.NewPrivateSigner(private, key.Secret)
		if err != nil {
			continue // of no known kind: nothing was signed with it
		}
		_, made := signer.Sign(id, x.unix, body)
		for signature := range strings.FieldsSeq(made) {
			for _, given := range x.signatures {
				if given == signature {
					return &key
				}
			}
		}
	}
	return nil
}
