package parley

// Attachment is a file that was uploaded, to be named in messages or to be kept with
// a conversation. Its bytes never change.
type Attachment struct {
	ID             AttachmentID    `json:"id"`
	FileName       string          `json:"file_name" doc:"The name that it is shown and saved under: without folders, control characters and whatever else could mislead" example:"oven.jpg"`
	ContentType    string          `json:"content_type" doc:"The media type, found in the first bytes. What the upload said of it counts only where the bytes agree" example:"image/jpeg"`
	Size           int64           `json:"size" doc:"How many bytes it has" example:"48211"`
	SHA256         string          `json:"sha256" doc:"The SHA-256 of its bytes, in hexadecimal" example:"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"`
	ConversationID *ConversationID `json:"conversation_id" doc:"The conversation that it belongs to, with which it is deleted; null: it belongs to none"`
	CreatedAt      Time            `json:"created_at"`
	Sequence       int64           `json:"sequence" doc:"The place in the log of the last change of this object"`
}
