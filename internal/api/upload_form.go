package api

import (
	"context"
	"errors"
	"io"
	"mime/multipart"
	"unicode/utf8"

	"parley"
	"parley/internal/attachment"
	"parley/internal/web"
)

// form is an upload with multipart/form-data. Its parts may come in any order.
type form struct {
	api    *API
	c      *call
	reader *multipart.Reader

	file         *attachment.Upload
	fields       map[string]string
	conversation *parley.ConversationID // that the query names
}

// read reads the form to its end. If it fails, nothing of the file is left.
func (f *form) read(ctx context.Context) (u *attachment.Upload, err error) {
	f.fields = map[string]string{}
	defer func() {
		if err != nil && f.file != nil {
			f.api.Attachments.Discard(ctx, f.file, nil)
		}
	}()
	for n := 0; ; n++ {
		part, err := f.reader.NextRawPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, web.Unread(err)
		}
		if n == maxFormParts {
			return nil, parley.InvalidField("body", "must have at most %d parts", maxFormParts)
		}
		if err := f.take(ctx, part); err != nil {
			return nil, err
		}
	}
	if f.file == nil {
		return nil, parley.InvalidField("body.file", "must be the file")
	}
	return f.file, f.finish()
}

func (f *form) take(ctx context.Context, part *multipart.Part) (err error) {
	name := part.FormName()
	_, known := f.fields[name]
	switch {
	case name == "file" && f.file == nil:
		claim := attachment.Claim{FileName: part.FileName(), ContentType: part.Header.Get("Content-Type")}
		f.file, err = f.api.Attachments.Receive(ctx, f.c.Caller.Organization, whole{part}, claim)
		return err
	case name == "file" || known:
		return parley.InvalidField("body."+name, "is given twice: each upload has one file")
	case name != "file_name" && name != "conversation_id":
		return parley.InvalidField("body."+name, "is not known: a form has file, file_name and conversation_id")
	}
	text, err := io.ReadAll(io.LimitReader(whole{part}, maxFormField+1))
	if err != nil {
		return err
	}
	if len(text) > maxFormField || !utf8.Valid(text) {
		return parley.InvalidField("body."+name, "must be text of at most %d bytes", maxFormField)
	}
	f.fields[name] = string(text)
	return nil
}

// finish gives the file what the other fields say of it.
func (f *form) finish() error {
	conversation, err := conversationNamed("body.conversation_id", f.fields["conversation_id"])
	if err != nil {
		return err
	}
	f.file.Location = "body.conversation_id"
	if conversation == nil {
		conversation, f.file.Location = f.conversation, "query.conversation_id"
	}
	f.file.Attachment.ConversationID = conversation
	if name := f.fields["file_name"]; name != "" {
		f.file.Rename(name)
	}
	return nil
}

// whole reads a part of a form that must not break off.
type whole struct{ part *multipart.Part }

func (w whole) Read(p []byte) (int, error) {
	n, err := w.part.Read(p)
	return n, web.Unread(err)
}
