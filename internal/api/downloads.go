package api

import (
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"parley"
	"parley/internal/attachment"
	"parley/internal/web"
)

const (
	// filePolicy lets a file that a browser opens as a page do nothing: no script runs,
	// nothing is loaded, and it has the rights of no site.
	filePolicy = "sandbox; default-src 'none'"
	// downloadPause is how long a download may stand still.
	downloadPause = 30 * time.Second
	// longestKept is for how many seconds a browser may keep a file it has a link to.
	longestKept = 3600
)

// download serves a link that was signed.
func (a *API) download(w http.ResponseWriter, r *http.Request) {
	if err := a.followLink(w, r); err != nil {
		web.WriteError(w, r, err)
	}
}

func (a *API) followLink(w http.ResponseWriter, r *http.Request) error {
	query := r.URL.Query()
	expires, _ := strconv.ParseInt(query.Get("expires"), 10, 64) // what is no number was not signed
	l := attachment.Link{
		Organization: parley.OrganizationID(r.PathValue("organization")), ID: parley.AttachmentID(r.PathValue("id")),
		FileName: r.PathValue("name"), Expires: expires,
	}
	if err := a.Attachments.Check(l, query.Get("signature")); err != nil {
		return err
	}
	obj, err := a.Attachments.Get(r.Context(), l.Organization, l.ID)
	if err != nil {
		return err
	}
	left := min(l.Expires-time.Now().Unix(), longestKept)
	w.Header().Set("Cache-Control", "private, max-age="+strconv.FormatInt(left, 10))
	return a.serveFile(w, r, l.Organization, obj)
}

// serveFile answers with the bytes of an attachment, or the part of them that is asked
// for. Whatever they are, they are no page of this server: a browser saves them, or
// shows them if they are a picture, sound or film.
func (a *API) serveFile(w http.ResponseWriter, r *http.Request, org parley.OrganizationID, obj parley.Attachment) error {
	content := a.Attachments.Open(r.Context(), org, obj)
	defer content.Close()
	if r.Method == http.MethodGet && r.Header.Get("Range") == "" && r.Header.Get("If-None-Match") == "" {
		if err := content.Ready(); err != nil {
			return err
		}
	}
	disposition, sharing := "attachment", "same-origin"
	if attachment.Shown(obj.ContentType) {
		disposition, sharing = "inline", "cross-origin" // to be seen in a page elsewhere
	}
	h := w.Header()
	h.Set("Content-Type", obj.ContentType)
	h.Set("Content-Disposition", mime.FormatMediaType(disposition, map[string]string{"filename": obj.FileName}))
	h.Set("Content-Security-Policy", filePolicy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cross-Origin-Resource-Policy", sharing)
	h.Set("Referrer-Policy", "no-referrer") // the address opens the file
	h.Set("ETag", strconv.Quote(obj.SHA256))
	out := &leaving{ResponseWriter: w, control: http.NewResponseController(w)}
	if strings.Contains(r.Header.Get("Range"), ",") {
		r.Header.Del("Range") // several parts at once would be as many requests to S3: it gets the whole
	}
	http.ServeContent(out, r, "", obj.CreatedAt.Std(), content)
	if out.refused {
		h.Del("Content-Disposition")
		return parley.Errorf(parley.OutOfRange, "The file has %d bytes, and none where Range says.", obj.Size)
	}
	settle(out.control)
	return nil
}

// leaving is the answer to a download. It may take its time, but must not stand still.
type leaving struct {
	http.ResponseWriter
	control *http.ResponseController
	pushed  time.Time
	refused bool // the range: what net/http says of that is not said
}

func (o *leaving) WriteHeader(status int) {
	if o.refused = status == http.StatusRequestedRangeNotSatisfiable; !o.refused {
		o.ResponseWriter.WriteHeader(status)
	}
}

func (o *leaving) Write(p []byte) (int, error) {
	if o.refused {
		return len(p), nil
	}
	if now := time.Now(); now.Sub(o.pushed) > time.Second {
		o.pushed = now
		_ = o.control.SetWriteDeadline(now.Add(downloadPause)) // a connection that cannot is written to all the same
	}
	return o.ResponseWriter.Write(p)
}
