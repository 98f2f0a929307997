package parley

// AttachmentEvent is the data of attachment.*.
type AttachmentEvent struct {
	Attachment Attachment `json:"attachment"`
	Previous   Previous   `json:"previous" doc:"The fields that changed, with their old values"`
}

// The types of event of attachments. Their links are not in them: those expire.
var (
	AttachmentCreated = declare("attachment.created", "A file was uploaded.", AttachmentEvent{Attachment: anAttachment})
	AttachmentDeleted = declare("attachment.deleted", "A file was deleted, by itself or with its conversation.", AttachmentEvent{Attachment: anAttachment})
)

var anAttachment = Attachment{
	ID: "att_01kaf0v3bmf8h2k6p4s7v1x9zt", FileName: "oven.jpg", ContentType: "image/jpeg", Size: 48211,
	SHA256:         "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
	ConversationID: ptr(aConversation.ID), CreatedAt: sampleTime, Sequence: 14,
}
