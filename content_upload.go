package parley

import "encoding/json"

// FileUploadPayload asks the visitor for files.
type FileUploadPayload struct {
	Title           string          `json:"title" minLength:"1" maxLength:"200" doc:"The question" example:"Show us the damage"`
	AllowExtensions []string        `json:"allow_extensions,omitzero" maxItems:"50" maxLength:"20" pattern:"^\\.[A-Za-z0-9.]+$" patternDescription:"a file extension like .jpg" doc:"The extensions that are taken; empty: any" example:".jpg,.png"`
	MaxFileSizeInKB json.RawMessage `json:"max_file_size_in_kb,omitzero" types:"number,string,null" minimum:"1" maximum:"1048576" maxLength:"200" doc:"The size that a file may have, in KiB; a text that is no number says nothing"`
	UploadFileLimit *int            `json:"upload_file_limit,omitempty" minimum:"1" maximum:"20" doc:"How many files may be sent; 1 if left out"`
	ErrorMessage    *UploadErrors   `json:"error_message,omitempty" doc:"What the visitor is told about a file that is not taken"`
}

// UploadErrors are what the visitor is told about a file that is not taken.
type UploadErrors struct {
	FileSize       *string `json:"file_size,omitempty" maxLength:"500" example:"This file is too large for us."`
	FileExtensions *string `json:"file_extensions,omitempty" maxLength:"500" example:"We can only read pictures."`
	FileNotFound   *string `json:"file_not_found,omitempty" maxLength:"500" example:"There is no such file."`
}

func (p *FileUploadPayload) plain() string { return p.Title }

// FileUploadResponsePayload is a file that the visitor sent.
type FileUploadResponsePayload struct {
	Type    string       `json:"type" enum:"image,audio,video,document" doc:"What kind of file it is"`
	Payload UploadedFile `json:"payload" doc:"The file"`
}

func (p *FileUploadResponsePayload) plain() string {
	return plainFile(p.Payload.FileName, p.Payload.Link)
}

// UploadedFile is a [MediaPayload] in the order of members that receivers know it in
// from answers.
type UploadedFile struct {
	MimeType *string `json:"mime_type,omitempty" maxLength:"255" pattern:"^[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]*/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]*( *;.*)?$" patternDescription:"a media type like image/png" doc:"The media type of the file" example:"image/jpeg"`
	Link     string  `json:"link" format:"uri" maxLength:"2048" doc:"Where the file is" example:"https://files.example.com/oven.jpg"`
	FileName *string `json:"file_name,omitempty" minLength:"1" maxLength:"255" pattern:"^[^/\\\\\\x00-\\x1f\\x7f]*$" patternDescription:"a file name without folders" doc:"The name that the file is shown and saved under" example:"oven.jpg"`
}
