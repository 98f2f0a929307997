package parley

// The data of the events of the help center.
type (
	// PortalEvent is the data of portal.*.
	PortalEvent struct {
		Portal   Portal   `json:"portal"`
		Previous Previous `json:"previous" doc:"The fields that changed, with their old values"`
	}
	// CategoryEvent is the data of category.*.
	CategoryEvent struct {
		Category Category    `json:"category"`
		Portal   PortalShort `json:"portal"`
		Previous Previous    `json:"previous" doc:"The fields that changed, with their old values"`
	}
	// ArticleEvent is the data of article.*.
	ArticleEvent struct {
		Article  Article        `json:"article"`
		Portal   PortalShort    `json:"portal"`
		Category *CategoryShort `json:"category" doc:"Null: it stands under none"`
		Previous Previous       `json:"previous" doc:"The fields that changed, with their old values"`
	}
)

// PortalShort is what events of what stands in a portal tell of it.
type PortalShort struct {
	ID   PortalID `json:"id"`
	Name string   `json:"name"`
	Slug string   `json:"slug" doc:"Its name in addresses"`
}

// Short is the part of the portal that stands beside other objects.
func (p Portal) Short() PortalShort { return PortalShort{p.ID, p.Name, p.Slug} }

// CategoryShort is what events of a category's articles tell of it.
type CategoryShort struct {
	ID   CategoryID `json:"id"`
	Name string     `json:"name"`
	Slug string     `json:"slug" doc:"Its name in addresses"`
}

// Short is the part of the category that stands beside other objects.
func (c Category) Short() CategoryShort { return CategoryShort{c.ID, c.Name, c.Slug} }

// The types of event of the help center.
var (
	PortalCreated = declare("portal.created", "A portal was set up.", PortalEvent{Portal: aPortal})
	PortalUpdated = declare("portal.updated", "A portal's name, address, look or locales were changed.", PortalEvent{aPortal, Previous{"name": "Help"}})
	PortalDeleted = declare("portal.deleted", "A portal was deleted, its categories before it; it had no articles any more.", PortalEvent{Portal: aPortal})

	CategoryCreated = declare("category.created", "A category was added to a portal.", CategoryEvent{Category: aCategory, Portal: aPortal.Short()})
	CategoryUpdated = declare("category.updated", "A category's name, address, description or position was changed.", CategoryEvent{aCategory, aPortal.Short(), Previous{"position": 3}})
	CategoryDeleted = declare("category.deleted", "A category was deleted; it had no articles any more.", CategoryEvent{Category: aCategory, Portal: aPortal.Short()})

	ArticleCreated     = declare("article.created", "An article was drafted.", sampleArticle(DraftArticle, nil))
	ArticleUpdated     = declare("article.updated", "An article's text, place or author was changed; if it is published, visitors see that at once.", sampleArticle(PublishedArticle, Previous{"title": "Where is my parcel?"}))
	ArticlePublished   = declare("article.published", "An article can be read by visitors.", sampleArticle(PublishedArticle, Previous{"status": DraftArticle, "published_at": nil}))
	ArticleUnpublished = declare("article.unpublished", "An article that was published is a draft again.", sampleArticle(DraftArticle, Previous{"status": PublishedArticle, "published_at": sampleTime}))
	ArticleArchived    = declare("article.archived", "A draft was put into the archive.", sampleArticle(ArchivedArticle, Previous{"status": DraftArticle}))
	ArticleRestored    = declare("article.restored", "An article came back from the archive, as a draft.", sampleArticle(DraftArticle, Previous{"status": ArchivedArticle}))
	ArticleDeleted     = declare("article.deleted", "An article was deleted.", sampleArticle(DraftArticle, nil))
)

// The sample objects of the help center: they belong to the story of the others.
var (
	aPortal = Portal{
		ID: "port_01kaf0v3btf2y6n9d4x8s1v5hm", Name: "Example Bakery Help", Slug: "help", Description: ptr("Opening hours, orders and cakes."),
		Color: "#2563eb", DefaultLocale: "en", Locales: []string{"en", "pt-BR"},
		CreatedAt: sampleTime, UpdatedAt: sampleTime, Sequence: 20,
	}
	aCategory = Category{
		ID: "cat_01kaf0v3bve8t3c6k1r5m9z2wd", PortalID: aPortal.ID, Name: "Orders", Slug: "orders",
		Description: ptr("How to order, and what becomes of it."), Locale: "en", Position: 1,
		CreatedAt: sampleTime, UpdatedAt: sampleTime, Sequence: 21,
	}
)

func sampleArticle(status ArticleStatus, previous Previous) ArticleEvent {
	a := Article{
		ID: "art_01kaf0v3bwf5j9z2p7h4k1t6qr", PortalID: aPortal.ID, CategoryID: ptr(aCategory.ID), Title: "Where is my order?", Slug: "where-is-my-order",
		Description: ptr("How to follow a parcel."), Body: "Open **My orders**, and choose the parcel.", AuthorID: ptr(aUser.ID), Locale: "en", Position: 1, Status: status,
		CreatedAt: sampleTime, UpdatedAt: sampleTime, Sequence: 22,
	}
	if status == PublishedArticle {
		a.PublishedAt = ptr(sampleTime)
	}
	return ArticleEvent{a, aPortal.Short(), ptr(aCategory.Short()), previous}
}
