package docs

import (
	"html/template"
	"maps"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"parley"
	"parley/internal/web"
)

// guideView is what the guide shows besides its own words.
type guideView struct {
	Version  string
	Scopes   []scopeView
	Roles    []roleView
	Limit    limitView
	Problem  template.HTML
	Problems []problemView
	MaxBody  string
	Samples  []sample
}

// scopeView is what a scope is for: the tags whose operations ask for it.
type scopeView struct {
	Resource    string
	Read, Write bool
	Tags        []place
}

type roleView struct {
	Name   string
	Scopes []parley.Scope
}

// limitView is the rate limit of this server, with the headers that tell it.
type limitView struct {
	Any     bool
	Quota   string
	Window  string
	Headers string
}

// problemView is what there is to know of the errors of a status.
type problemView struct {
	status
	Meaning string
	Remedy  string
}

func (p problemView) ID() string { return "error-" + strconv.Itoa(int(p.status)) }

func (s *site) guidePage() *page {
	p := &page{
		Group: groupGuide, Title: "Guide", URL: root, content: "guide", Flat: true,
		Sections: []section{
			{ID: "getting-started", Title: "Getting started", Words: "first webhook quick start curl"},
			{ID: "authentication", Title: "Authentication", Words: "api key bearer token scopes permission 401 403"},
			{ID: "requests", Title: "Requests and answers", Words: "json ids times null unknown fields request-id"},
			{ID: "files", Title: "Files", Words: "attachment upload download multipart form link expires image document"},
			{ID: "pagination", Title: "Pagination", Words: "cursor next_cursor limit list page"},
			{ID: "sync", Title: "Keeping a copy", Words: "sequence changed_after incremental sync mirror"},
			{ID: "privacy", Title: "Data of persons", Words: "gdpr export erase delete forget personal data"},
			{ID: "idempotency", Title: "Idempotency", Words: "Idempotency-Key retry twice replayed"},
			{ID: "versions", Title: "Changes that cross", Words: "etag if-match optimistic lock 412 concurrency"},
			{ID: "errors", Title: "Errors", Words: "problem json rfc 9457 status codes"},
			{ID: "rate-limits", Title: "Rate limits", Words: "429 retry-after ratelimit quota"},
			{ID: "quotas", Title: "Quotas", Words: "usage events per day objects storage limit 409 429"},
		},
	}
	view := guideView{
		Version: s.doc.Info.Version, Scopes: s.scopes(), Limit: s.limits(), Problems: s.problems(),
		MaxBody: strconv.Itoa(web.MaxBody>>20) + " MiB", Samples: receivers(),
	}
	for _, r := range []parley.Role{parley.Owner, parley.Admin, parley.Agent} {
		view.Roles = append(view.Roles, roleView{string(r), r.Scopes()})
	}
	view.Problem = highlighted(treeOf(web.ProblemOf(
		parley.InvalidField("body.email", "must be an email address like ada@example.com"), "req_01kaf0v3bk5m2r8t4w6y1c3d7f")))
	for _, problem := range view.Problems {
		p.Sections = append(p.Sections, section{
			ID: problem.ID(), Title: strconv.Itoa(int(problem.status)) + " " + problem.Text(), Hint: "Error", Words: problem.Meaning, Minor: true,
		})
	}
	p.Data = view
	return p
}

func (s *site) webhooksPage() *page {
	return &page{
		Group: groupGuide, Title: "Receiving webhooks", URL: root + "/webhooks", content: "webhooks",
		Sections: []section{
			{ID: "endpoint", Title: "Add an endpoint", Words: "subscribe event_types pattern inbox url https secret"},
			{ID: "choose", Title: "Choose and shape", Words: "filter condition CEL transformation javascript preview"},
			{ID: "formats", Title: "Payload formats", Words: "format standard flat batch cloudevents camelCase numeric ids conversation_create conversation.completed assignee_change"},
			{ID: "access", Title: "Show who you are, and who we are", Words: "auth basic bearer oauth2 mtls verification token echo"},
			{ID: "request", Title: "What arrives", Words: "headers webhook-id webhook-timestamp webhook-signature body"},
			{ID: "verify", Title: "Verify the signature", Words: "hmac sha256 whsec signature secret raw body go node python ruby php"},
			{ID: "answer", Title: "Answer", Words: "2xx timeout status 410 retry-after redirect"},
			{ID: "delivery", Title: "Delivery rules", Words: "at least once order duplicates deduplicate"},
			{ID: "retries", Title: "Retries", Words: "schedule backoff preset delays"},
			{ID: "held", Title: "When an endpoint is down", Words: "failing probe held recovered disabled paused"},
			{ID: "rewind", Title: "Go back", Words: "rewind replay dry run pace cancel"},
			{ID: "history", Title: "See what happened", Words: "deliveries attempts redeliver"},
			{ID: "rotate", Title: "Change the secret", Words: "rotate secret overlap"},
			{ID: "local", Title: "Develop on your machine", Words: "listen trigger localhost tunnel cli"},
		},
		Data: webhooksView{receivers(), newVector(), s.formats()},
	}
}

type webhooksView struct {
	Samples []sample
	Vector  vector
	Formats []formatView
}

// scopes are the resources that scopes are given for.
func (s *site) scopes() (views []scopeView) {
	for _, resource := range parley.Resources() {
		view := scopeView{Resource: resource}
		for _, op := range s.operations() {
			of, action, _ := strings.Cut(scope(op), ":")
			if of != resource {
				continue
			}
			view.Read = view.Read || action == "read"
			view.Write = view.Write || action == "write"
			at := place{(&tag{Name: op.Tags[0]}).url(), op.Tags[0]}
			if !slices.Contains(view.Tags, at) {
				view.Tags = append(view.Tags, at)
			}
		}
		views = append(views, view)
	}
	return views
}

func (s *site) limits() limitView {
	if s.limit.Quota == 0 {
		return limitView{}
	}
	quota, window := strconv.Itoa(s.limit.Quota), strconv.Itoa(int(math.Ceil(s.limit.Window.Seconds())))
	return limitView{
		Any: true, Quota: grouped(s.limit.Quota), Window: counted(int(math.Ceil(s.limit.Window.Seconds())), "second"),
		Headers: `RateLimit-Policy: "default";q=` + quota + ";w=" + window + "\n" +
			`RateLimit: "default";r=` + strconv.Itoa(s.limit.Quota-1) + ";t=1",
	}
}

// problems are the errors that the document's operations answer with, and that of
// a method that a path does not have.
func (s *site) problems() (views []problemView) {
	codes := map[status]bool{http.StatusMethodNotAllowed: true}
	for _, op := range s.operations() {
		for _, code := range refusals(op) {
			codes[code] = true
		}
	}
	for _, code := range slices.Sorted(maps.Keys(codes)) {
		views = append(views, problemView{code, meanings[code][0], meanings[code][1]})
	}
	return views
}

// Meaning says what an error of a status means, and what to do about it.
func Meaning(code int) string {
	m := meanings[status(code)]
	return m[0] + " " + m[1]
}

// meanings say of each status what it means and what to do about it.
var meanings = map[status][2]string{
	400: {
		"The request cannot be read: the body is not JSON, or the address is not properly escaped.",
		"`detail` says where reading stopped. Mend the request; sending it again as it is gives the same answer.",
	},
	401: {
		"The API key is absent, unknown, expired or revoked.",
		"Send `Authorization: Bearer parley_…` with a key that works.",
	},
	403: {
		"The key is known, but lacks the scope that this operation asks for; or a link to a file has expired.",
		"`required_scope` names the scope. Make a key that has it. A new link comes with the attachment.",
	},
	404: {
		"There is no such object, or it belongs to another organization: the two look the same on purpose.",
		"Check the id, and that the key belongs to the right organization.",
	},
	405: {
		"The path exists, but not with this method.",
		"The `Allow` header names the methods that it has.",
	},
	409: {
		"What is there already does not allow it: a value that must be unique is taken, an `Idempotency-Key` was used for another request, its first request is still being served, or a [quota](#quotas) is used up.",
		"`detail` says which. A request that is still being served can be sent again a little later.",
	},
	410: {
		"The event log no longer keeps the events that follow the place you named.",
		"`first_sequence` is the oldest that is kept: go on after the one before it, and list the objects themselves again, as some of their events were missed.",
	},
	412: {
		"The object has changed since the version that `If-Match` names.",
		"Get it again, decide again, and send the change with the new `ETag`.",
	},
	413: {
		"The body, or the file in it, is too large.",
		"Send less at once, for example fewer events in one request. `detail` says how large a file may be.",
	},
	415: {
		"The body is not declared as JSON, or as one that can be a file.",
		"Send `Content-Type: application/json`; a file with its own type or as `multipart/form-data`.",
	},
	416: {
		"The part of a file that `Range` names lies behind its end.",
		"`Content-Range` tells how many bytes the file has.",
	},
	422: {
		"The request was read, and something in it is wrong: a field is missing, unknown, of the wrong type or beyond its limits.",
		"`errors` names each place and what is wrong there. Nothing was changed.",
	},
	429: {
		"Too many requests with this key, or as many events as the organization may have in a day: see [quotas](#quotas).",
		"Wait as many seconds as `Retry-After` says.",
	},
	500: {
		"Something went wrong on the server's side.",
		"Whoever runs the server finds it in the log under `request_id`. A POST is safe to repeat with an `Idempotency-Key`.",
	},
	503: {
		"The server cannot do it right now, for example while it starts or stops, or while the database does not answer.",
		"Try again, no sooner than `Retry-After` says if it is there.",
	},
	507: {
		"The server has no room left to store it.",
		"Whoever runs the server has to make room; then the same request works.",
	},
}
