package parley

// The nouns of the help center. A portal is what visitors see of it: categories, and
// in them the articles that are published.

// Portal is a help center: a collection of articles under an address of its own.
type Portal struct {
	ID            PortalID `json:"id"`
	Name          string   `json:"name" write:"create,update" required:"true" minLength:"1" maxLength:"200" example:"Example Bakery Help"`
	Slug          string   `json:"slug" write:"create,update" minLength:"1" maxLength:"80" pattern:"^[a-z0-9]+(-[a-z0-9]+)*$" patternDescription:"words of a-z and 0-9 with single hyphens between them" doc:"Its name in addresses, unique in the organization; made from the name if left out" example:"help"`
	Description   *string  `json:"description" write:"create,update" maxLength:"1000" doc:"What visitors find here" example:"Opening hours, orders and cakes."`
	Color         string   `json:"color" write:"create,update" pattern:"^#[0-9a-fA-F]{6}$" patternDescription:"a colour like #2563eb" default:"#2563eb" example:"#2563eb"`
	DefaultLocale string   `json:"default_locale" write:"create,update" maxLength:"20" pattern:"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$" patternDescription:"a locale like en or pt-BR" default:"en" doc:"What is shown to visitors who ask for no other; one of locales" example:"en"`
	Locales       []string `json:"locales" write:"create,update" maxItems:"50" maxLength:"20" pattern:"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$" patternDescription:"a locale like en or pt-BR" doc:"All in which there may be categories and articles; the default locale alone if left out" example:"[\"en\",\"pt-BR\"]"`
	CreatedAt     Time     `json:"created_at"`
	UpdatedAt     Time     `json:"updated_at"`
	Sequence      int64    `json:"sequence" doc:"The place in the log of the last change of this object"`
}

// Category is a heading under which a portal shows articles of one locale.
type Category struct {
	ID          CategoryID `json:"id"`
	PortalID    PortalID   `json:"portal_id" write:"create" required:"true"`
	Name        string     `json:"name" write:"create,update" required:"true" minLength:"1" maxLength:"200" example:"Orders"`
	Slug        string     `json:"slug" write:"create,update" minLength:"1" maxLength:"80" pattern:"^[a-z0-9]+(-[a-z0-9]+)*$" patternDescription:"words of a-z and 0-9 with single hyphens between them" doc:"Its name in addresses, unique in the portal; made from the name if left out" example:"orders"`
	Description *string    `json:"description" write:"create,update" maxLength:"1000" example:"How to order, and what becomes of it."`
	Locale      string     `json:"locale" write:"create" maxLength:"20" pattern:"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$" patternDescription:"a locale like en or pt-BR" doc:"One of the portal's; its default locale if left out" example:"en"`
	Position    int        `json:"position" write:"create,update" minimum:"0" maximum:"1000000" doc:"Its place in the portal: the smallest comes first, and of equals the one that was made first" example:"1"`
	CreatedAt   Time       `json:"created_at"`
	UpdatedAt   Time       `json:"updated_at"`
	Sequence    int64      `json:"sequence" doc:"The place in the log of the last change of this object"`
}

// Article is a text that answers a question before it is asked.
type Article struct {
	ID          ArticleID     `json:"id"`
	PortalID    PortalID      `json:"portal_id" write:"create" required:"true"`
	CategoryID  *CategoryID   `json:"category_id" write:"create,update" doc:"A category of its portal and its locale; null: it stands under none"`
	Title       string        `json:"title" write:"create,update" required:"true" minLength:"1" maxLength:"500" example:"Where is my order?"`
	Slug        string        `json:"slug" write:"create,update" minLength:"1" maxLength:"80" pattern:"^[a-z0-9]+(-[a-z0-9]+)*$" patternDescription:"words of a-z and 0-9 with single hyphens between them" doc:"Its name in addresses, unique in the portal; made from the title if left out" example:"where-is-my-order"`
	Description *string       `json:"description" write:"create,update" maxLength:"1000" doc:"What it is about, for lists and search engines" example:"How to follow a parcel."`
	Body        string        `json:"body" write:"create,update" maxLength:"204800" doc:"The text, in Markdown: 200 KiB at most" example:"Open **My orders**, and choose the parcel."`
	AuthorID    *UserID       `json:"author_id" write:"create,update" doc:"Who wrote it; left out: the caller, if that is a person. Stays when that user is deleted later"`
	Locale      string        `json:"locale" write:"create" maxLength:"20" pattern:"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$" patternDescription:"a locale like en or pt-BR" doc:"One of the portal's; left out: that of its category, else the portal's default" example:"en"`
	Position    int           `json:"position" write:"create,update" minimum:"0" maximum:"1000000" doc:"Its place in its category: the smallest comes first, and of equals the one that was made first" example:"1"`
	Status      ArticleStatus `json:"status" enum:"draft,published,archived" doc:"Visitors see what is published. Changed by POST /v1/articles/{id}/publish, /unpublish, /archive and /restore"`
	PublishedAt *Time         `json:"published_at" doc:"When it was published; null: it is not"`
	CreatedAt   Time          `json:"created_at"`
	UpdatedAt   Time          `json:"updated_at"`
	Sequence    int64         `json:"sequence" doc:"The place in the log of the last change of this object"`
}

// ArticleStatus is where an article stands.
type ArticleStatus string

// The statuses of an article. A draft is published or put into the archive, and comes
// back from either as a draft.
const (
	DraftArticle     ArticleStatus = "draft"
	PublishedArticle ArticleStatus = "published"
	ArchivedArticle  ArticleStatus = "archived"
)
