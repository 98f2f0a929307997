package content

import (
	"strings"

	"parley"
)

// mediaOf is the message that shows an attachment, of the type that its bytes have.
func mediaOf(base string, obj parley.Attachment) parley.Message {
	contentType := "document"
	switch family, _, _ := strings.Cut(obj.ContentType, "/"); family {
	case "image", "audio", "video":
		contentType = family
	}
	return parley.Message{Direction: parley.Outgoing, Content: parley.Content{Type: contentType, Payload: &parley.MediaPayload{
		Link: LastingLink(base, obj.ID), MimeType: &obj.ContentType, FileName: &obj.FileName,
	}}}
}
