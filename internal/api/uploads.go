package api

import (
	"context"
	"encoding/json"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"reflect"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"parley"
	"parley/internal/attachment"
	"parley/internal/web"
)

const (
	// answerLimit is how long the client may take to read the answer to an upload.
	answerLimit = 30 * time.Second
	// besideFile is how many bytes a form may have besides its file.
	besideFile = 1 << 20
	// maxFormField is how many bytes a field of a form has at most, and maxFormParts how
	// many parts the form.
	maxFormField = 2000
	maxFormParts = 10
	// drained is how much of a refused file is read, so that clients that read no answer
	// before they have sent all get to see it; drainLimit is for how long. Who asked first
	// whether to send it has sent nothing.
	drained    = 8 << 20
	drainLimit = 5 * time.Second

	anyMedia  = "*/*"
	formMedia = "multipart/form-data"
)

// isUpload tells whether the body of a request is a file: it is not JSON, has a limit
// of its own and is never in memory as a whole.
func isUpload(r *http.Request) bool {
	return r.Method == http.MethodPost && r.URL.Path == attachmentsPath
}

type uploadParams struct {
	FileName       string `query:"file_name" maxLength:"1000" doc:"The file's name, if the body is the file itself"`
	ConversationID string `query:"conversation_id" maxLength:"64" doc:"The conversation that it belongs to, with which it is deleted"`
	Disposition    string `header:"Content-Disposition" maxLength:"2000" doc:"May give the file's name, too: attachment; filename=\"oven.jpg\""`
}

func (a *API) uploads() {
	direct(a, operation{
		ID: "create-attachment", Method: http.MethodPost, Path: attachmentsPath, Tag: "Attachments", Scope: "attachments:write", Status: http.StatusCreated,
		Summary: "Upload a file", Upload: true, Answer: a.components.Answer(reflect.TypeFor[attachmentShown]()),
		Doc: "The body is the file itself, with its type as `Content-Type`, or a form (`multipart/form-data`) with the file as `file`. " +
			"With an `Idempotency-Key`, send the file again with the same key: its bytes are compared with those of the first time.",
	}, a.upload)
}

// uploadBody is the body of an upload in the document.
func (a *API) uploadBody() *huma.RequestBody {
	text := func(doc string) *huma.Schema { return &huma.Schema{Type: huma.TypeString, Description: doc} }
	file := fileSchema()
	file.Description = "The file; the name and type that the part gives count"
	form := &huma.Schema{
		Type: huma.TypeObject, Required: []string{"file"}, AdditionalProperties: false,
		Properties: map[string]*huma.Schema{
			"file": file, "file_name": text("The file's name, if not the one that its part gives"),
			"conversation_id": text("The conversation that it belongs to, with which it is deleted"),
		},
	}
	return &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
		formMedia: {Schema: form, Example: map[string]any{"file": "(the bytes of oven.jpg)", "file_name": "oven.jpg"}}, anyMedia: {Schema: fileSchema()},
	}}
}

func (a *API) upload(ctx context.Context, c *call, in *uploadParams, w http.ResponseWriter, r *http.Request) error {
	ans, err := a.receive(ctx, c, in, w, r)
	control := http.NewResponseController(w)
	if err != nil && r.Header.Get("Expect") == "" {
		_ = control.SetReadDeadline(time.Now().Add(drainLimit))
		_, _ = io.CopyN(io.Discard, r.Body, drained) // what cannot be read need not be
	}
	_ = control.SetReadDeadline(time.Time{})
	_ = control.SetWriteDeadline(time.Now().Add(answerLimit)) // the old one was for requests that are read at once
	if err == nil {
		ans.send(w)
		settle(control)
	}
	return err
}

// settle sends what is written, and leaves the connection as it was: it may serve other
// requests.
func settle(control *http.ResponseController) {
	_ = control.Flush() // the client may have gone: nobody to tell
	_ = control.SetWriteDeadline(time.Time{})
}

// receive stores the file of a request and makes an attachment of it. Only then is the
// request known as a whole, and may prove to be one that was made before: its bytes
// are discarded then.
func (a *API) receive(ctx context.Context, c *call, in *uploadParams, w http.ResponseWriter, r *http.Request) (ans answer, err error) {
	if c.idempotencyKey != "" {
		if err := checkIdempotencyKey(c.idempotencyKey); err != nil {
			return ans, err
		}
	}
	c.patience.lift()
	limited, cancel := context.WithTimeout(ctx, attachment.MaxDuration)
	defer cancel()
	u, err := a.receiveFile(limited, c, in, w, r)
	if err != nil {
		if limited.Err() != nil {
			err = parley.Errorf(parley.Malformed, "The file did not arrive within %v.", attachment.MaxDuration).Because(err)
		}
		return ans, err
	}
	kept := false
	run := func(ctx context.Context) (answer, error) {
		obj, err := a.Attachments.Keep(ctx, c.Caller, u)
		if err != nil {
			return answer{}, err
		}
		kept = true
		return encode(a.DB.Read(), c.Caller.Organization, http.StatusCreated, a.show(c, obj, attachment.DefaultLinkAge))
	}
	if c.idempotencyKey != "" {
		c.body = essence(u)
		ans, err = a.once(ctx, c, false, run)
	} else {
		ans, err = run(ctx)
	}
	if err != nil || !kept {
		a.Attachments.Discard(ctx, u, err)
	}
	return ans, err
}

// essence is what tells one upload from another.
func essence(u *attachment.Upload) []byte {
	same := u.Attachment
	same.ID = ""
	b, _ := json.Marshal(same) // texts and numbers: cannot fail
	return b
}

// receiveFile stores the file that is the body of a request, or in its form.
func (a *API) receiveFile(ctx context.Context, c *call, in *uploadParams, w http.ResponseWriter, r *http.Request) (*attachment.Upload, error) {
	largest := a.Attachments.MaxSize + besideFile
	if r.ContentLength > largest {
		return nil, parley.Errorf(parley.TooLarge, "The file has over %d bytes, which is the limit of this server.", a.Attachments.MaxSize)
	}
	body := web.Arriving(w, r, largest)
	conversation, err := conversationNamed("query.conversation_id", in.ConversationID)
	if err != nil {
		return nil, err
	}
	media, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if media == "" && r.Header.Get("Content-Type") != "" {
		return nil, parley.Errorf(parley.Unsupported, "The Content-Type is no media type: send one such as image/png, or none.").Because(err)
	}
	if strings.HasPrefix(media, "multipart/") {
		if media != formMedia || err != nil || params["boundary"] == "" {
			return nil, parley.Errorf(parley.Unsupported, "Send the file as it is, or as part of a form with «Content-Type: multipart/form-data; boundary=…».")
		}
		if in.FileName != "" {
			return nil, parley.InvalidField("query.file_name", "goes with a body that is the file itself: in a form, the file's part names it")
		}
		f := &form{api: a, c: c, reader: multipart.NewReader(body, params["boundary"]), conversation: conversation}
		return f.read(ctx)
	}
	name, err := in.name()
	if err != nil {
		return nil, err
	}
	u, err := a.Attachments.Receive(ctx, c.Caller.Organization, body, attachment.Claim{FileName: name, ContentType: r.Header.Get("Content-Type")})
	if err != nil {
		return nil, err
	}
	u.Attachment.ConversationID, u.Location = conversation, "query.conversation_id"
	return u, nil
}

// name is what the file is called by a request whose body it is.
func (in *uploadParams) name() (string, error) {
	if in.FileName != "" || in.Disposition == "" {
		return in.FileName, nil
	}
	_, params, err := mime.ParseMediaType(in.Disposition)
	if err != nil {
		return "", parley.InvalidField("header.Content-Disposition", `must be like attachment; filename="oven.jpg"`)
	}
	return params["filename"], nil
}

// conversationNamed reads the id of the conversation that a file is to belong to.
func conversationNamed(location, text string) (*parley.ConversationID, error) {
	if text == "" {
		return nil, nil
	}
	id, ok := parley.ParseID[parley.ConversationID](text)
	if !ok {
		return nil, parley.InvalidField(location, "must be the id of a conversation")
	}
	return &id, nil
}
