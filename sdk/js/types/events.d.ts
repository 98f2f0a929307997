// What Parley's events hold. Made from the catalogue by go generate ./sdk/js/...:
// changes here would be lost.

/** An event of a declared type. */
export type EventOf<T extends EventType> = Omit<Envelope, "type" | "data"> & { type: T; data: EventData[T] };

/** An event of a type of your own (custom.…), or one that this release does not know. */
export type OtherEvent<T extends string = string> = Omit<Envelope, "type" | "data"> & { type: T; data: any };

/** The event of a type, by its name. */
export type EventNamed<T extends string> = T extends EventType ? EventOf<T> : OtherEvent<T>;

/** Any event of a declared type: its type tells what its data are. */
export type AnyEvent = { [T in EventType]: EventOf<T> }[EventType];

/** The names of the declared types. */
export type EventType = keyof EventData;

/** The data of each declared type. */
export interface EventData {
  /** An API key was made. */
  "api_key.created": APIKeyEvent;
  /** An API key was revoked and no longer works. */
  "api_key.revoked": APIKeyEvent;
  /** A contact and an agent made an appointment. */
  "appointment.booked": AppointmentEvent;
  /** An appointment was called off. */
  "appointment.cancelled": AppointmentEvent;
  /** An appointment was deleted. */
  "appointment.deleted": AppointmentEvent;
  /** An appointment is at another time, in another time zone or with another agent. */
  "appointment.rescheduled": AppointmentEvent;
  /** An appointment's details or references were changed, and not its time. */
  "appointment.updated": AppointmentEvent;
  /** A draft was put into the archive. */
  "article.archived": ArticleEvent;
  /** An article was drafted. */
  "article.created": ArticleEvent;
  /** An article was deleted. */
  "article.deleted": ArticleEvent;
  /** An article can be read by visitors. */
  "article.published": ArticleEvent;
  /** An article came back from the archive, as a draft. */
  "article.restored": ArticleEvent;
  /** An article that was published is a draft again. */
  "article.unpublished": ArticleEvent;
  /** An article's text, place or author was changed; if it is published, visitors see that at once. */
  "article.updated": ArticleEvent;
  /** A file was uploaded. */
  "attachment.created": AttachmentEvent;
  /** A file was deleted, by itself or with its conversation. */
  "attachment.deleted": AttachmentEvent;
  /** A canned response was created. */
  "canned_response.created": CannedResponseEvent;
  /** A canned response was deleted. */
  "canned_response.deleted": CannedResponseEvent;
  /** A canned response was changed. */
  "canned_response.updated": CannedResponseEvent;
  /** A category was added to a portal. */
  "category.created": CategoryEvent;
  /** A category was deleted; it had no articles any more. */
  "category.deleted": CategoryEvent;
  /** A category's name, address, description or position was changed. */
  "category.updated": CategoryEvent;
  /** A contact was created. */
  "contact.created": ContactEvent;
  /** A contact was deleted, or is part of another one now: merged_into names that. */
  "contact.deleted": ContactEvent;
  /** A contact was erased: it is deleted, and earlier events tell nothing of it any more but its id. */
  "contact.erased": ContactErasedEvent;
  /** A contact was merged into another one, which has its conversations and all else now. The contact.deleted of the one that went comes right before. */
  "contact.merged": ContactMergedEvent;
  /** A contact's details, custom fields or variables were changed. */
  "contact.updated": ContactEvent;
  /** A conversation was given to an agent or a team, or taken from one. */
  "conversation.assigned": ConversationAssignedEvent;
  /** A conversation was started. */
  "conversation.created": ConversationCreatedEvent;
  /** A conversation was deleted, with its messages and notes. */
  "conversation.deleted": ConversationEvent;
  /** A label was put on a conversation. */
  "conversation.label_added": ConversationLabelEvent;
  /** A label was taken off a conversation. */
  "conversation.label_removed": ConversationLabelEvent;
  /** A conversation that was resolved, pending or snoozed is open again. */
  "conversation.reopened": ConversationEvent;
  /** A conversation was marked as resolved. */
  "conversation.resolved": ConversationEvent;
  /** A conversation was put aside until a time. */
  "conversation.snoozed": ConversationEvent;
  /** A conversation's subject, contact or custom data was changed. */
  "conversation.updated": ConversationEvent;
  /** Variables of a conversation were set or removed; previous holds the old value of each, null if it is new. */
  "conversation.variables_changed": ConversationEvent;
  /** A custom field was defined. */
  "custom_field.created": CustomFieldEvent;
  /** A custom field's definition was deleted. */
  "custom_field.deleted": CustomFieldEvent;
  /** A custom field's definition was changed. */
  "custom_field.updated": CustomFieldEvent;
  /** A deal was entered at a stage of a pipeline. */
  "deal.created": DealEvent;
  /** A deal was deleted. */
  "deal.deleted": DealEvent;
  /** A deal did not come about. */
  "deal.lost": DealEvent;
  /** A deal that was won or lost is open again. */
  "deal.reopened": DealEvent;
  /** A deal was moved to another stage of its pipeline. */
  "deal.stage_changed": DealEvent;
  /** A deal's details, assignee or custom data were changed. */
  "deal.updated": DealEvent;
  /** A deal came about. */
  "deal.won": DealEvent;
  /** An inbox was created. */
  "inbox.created": InboxEvent;
  /** An inbox was deleted. */
  "inbox.deleted": InboxEvent;
  /** An inbox was changed. */
  "inbox.updated": InboxEvent;
  /** A label was created. */
  "label.created": LabelEvent;
  /** A label was deleted, and taken off every conversation first. */
  "label.deleted": LabelEvent;
  /** A label was changed. */
  "label.updated": LabelEvent;
  /** A message was sent by an agent, a bot or a client, or came in from the contact. */
  "message.created": MessageEvent;
  /** A message was deleted. */
  "message.deleted": MessageEvent;
  /** A message's content was changed. */
  "message.updated": MessageEvent;
  /** A private note was added to a conversation. */
  "note.created": NoteEvent;
  /** A private note was deleted. */
  "note.deleted": NoteEvent;
  /** An order was called off. */
  "order.cancelled": OrderEvent;
  /** A contact got what was ordered. */
  "order.fulfilled": OrderEvent;
  /** A contact ordered something. */
  "order.requested": OrderEvent;
  /** What was ordered, its amount, contact or custom data was changed. */
  "order.updated": OrderEvent;
  /** The organization's own details were changed. */
  "organization.updated": OrganizationEvent;
  /** A payment was asked for. */
  "payment.created": PaymentEvent;
  /** A payment did not come about. */
  "payment.failed": PaymentEvent;
  /** The money of a payment came in. */
  "payment.paid": PaymentEvent;
  /** The money of a payment was given back. */
  "payment.refunded": PaymentEvent;
  /** The contact of a payment was merged into another one. */
  "payment.updated": PaymentEvent;
  /** A pipeline was set up. */
  "pipeline.created": PipelineEvent;
  /** A pipeline was deleted; it had no deals any more. */
  "pipeline.deleted": PipelineEvent;
  /** A pipeline's name or stages were changed. */
  "pipeline.updated": PipelineEvent;
  /** A portal was set up. */
  "portal.created": PortalEvent;
  /** A portal was deleted, its categories before it; it had no articles any more. */
  "portal.deleted": PortalEvent;
  /** A portal's name, address, look or locales were changed. */
  "portal.updated": PortalEvent;
  /** A task was completed. */
  "task.completed": TaskEvent;
  /** A task was created. */
  "task.created": TaskEvent;
  /** A task was deleted. */
  "task.deleted": TaskEvent;
  /** A task that was completed is open again. */
  "task.reopened": TaskEvent;
  /** A task's details, assignee or references were changed. */
  "task.updated": TaskEvent;
  /** A team was set up. */
  "team.created": TeamEvent;
  /** A team was deleted; nothing was assigned to it any more. */
  "team.deleted": TeamEvent;
  /** A team's name, description or members were changed. */
  "team.updated": TeamEvent;
  /** A ticket was given to an agent or a team, or taken from one. */
  "ticket.assigned": TicketEvent;
  /** A ticket was closed. */
  "ticket.closed": TicketEvent;
  /** A ticket was created. */
  "ticket.created": TicketEvent;
  /** A ticket was deleted. */
  "ticket.deleted": TicketEvent;
  /** A ticket that was closed or pending is open again. */
  "ticket.reopened": TicketEvent;
  /** A ticket's details or references were changed, or it is pending. */
  "ticket.updated": TicketEvent;
  /** An agent was added to the organization. */
  "user.created": UserEvent;
  /** An agent was removed from the organization. */
  "user.deleted": UserEvent;
  /** An agent's name, email or role was changed. */
  "user.updated": UserEvent;
  /** A webhook endpoint was added. */
  "webhook.created": WebhookEvent;
  /** A webhook endpoint was deleted. */
  "webhook.deleted": WebhookEvent;
  /** An endpoint failed for days or answered 410: nothing is sent until it is resumed. */
  "webhook.disabled": WebhookHealthEvent;
  /** The log no longer keeps events that an endpoint had yet to be sent. */
  "webhook.events_missed": WebhookMissedEvent;
  /** An endpoint keeps failing: its events are held and it is probed. */
  "webhook.failing": WebhookHealthEvent;
  /** A failing endpoint answered: what was held is being delivered. */
  "webhook.recovered": WebhookHealthEvent;
  /** A rewind was cancelled: the endpoint goes on from where it stood before. */
  "webhook.rewind_cancelled": WebhookRewindEvent;
  /** A webhook endpoint is sent again what it was sent before. */
  "webhook.rewound": WebhookRewindEvent;
  /** A webhook endpoint has a new secret. */
  "webhook.secret_rotated": WebhookEvent;
  /** A test, sent to one endpoint only, whatever it subscribes to. */
  "webhook.test": WebhookTestEvent;
  /** A webhook endpoint was changed, paused or resumed. */
  "webhook.updated": WebhookEvent;
  /** A webhook endpoint answered its verification token. */
  "webhook.verified": WebhookEvent;
}

export interface APIKey {
  created_at: string;
  /** When the key stops working; null: never */
  expires_at: string | null;
  id: string;
  /** Whether the key belongs to the organization or to a person: a personal key may do what both its scopes and the person's role allow */
  kind: "organization" | "personal";
  /** When the key was last used, within a minute */
  last_used_at: string | null;
  /** What the key is for */
  name: string;
  /** The first characters of the key, to recognise it by */
  prefix: string;
  /** When the key was revoked; null: it was not */
  revoked_at: string | null;
  /** What the key may do: contacts:read, contacts:write, …, *:read, or * for everything */
  scopes: Array<string>;
  /** The place in the log of the last change of this object */
  sequence: number;
  updated_at: string;
  /** With kind personal: the person; the caller's own person if left out */
  user_id: string | null;
}

export interface APIKeyEvent {
  api_key: APIKey;
  /** The fields that changed, with their old values */
  previous: Record<string, unknown>;
}

export interface Actor {
  /** The actor's id; "system" for Parley itself */
  id: string;
  /** What kind of actor made the change */
  type: "user" | "contact" | "api_key" | "automation" | "flow" | "cadence" | "system";
}

export interface Appointment {
  /** Why it was cancelled; null: it was not, or nobody said */
  cancellation_reason: string | null;
  /** When it was cancelled; null: it was not */
  cancelled_at: string | null;
  /** With whom it is; left out or null with a conversation_id: the contact of the conversation. Null once the contact is deleted */
  contact_id: string | null;
  /** The conversation with this contact in which it was made; null once that is deleted */
  conversation_id: string | null;
  created_at: string;
  /** Values of the custom fields defined for appointments, by key; on PATCH, null removes one */
  custom_fields: Record<string, Value>;
  /** Whatever helps to prepare it */
  description: string | null;
  /** When it ends: 7 days after starts_at at most */
  ends_at: string;
  id: string;
  /** The inbox of its conversation, to which its events belong; stays when the conversation is deleted */
  inbox_id: string | null;
  /** Where it takes place: a room, a phone number, a link */
  location: string | null;
  /** The place in the log of the last change of this object */
  sequence: number;
  /** When it starts. Changed by POST /v1/appointments/{id}/reschedule */
  starts_at: string;
  /** Changed by POST /v1/appointments/{id}/cancel */
  status: "booked" | "cancelled";
  /** The zone in which the contact is told the time, by its IANA name */
  time_zone: string;
  /** What it is about */
  title: string;
  updated_at: string;
  /** The agent whose time it is; nobody has two appointments at once. Stays when that user is deleted later */
  user_id: string;
}

export interface AppointmentEvent {
  appointment: Appointment;
  /** With whom it is; null: the contact is deleted */
  contact: ContactShort | null;
  /** The fields that changed, with their old values */
  previous: Record<string, unknown>;
}

export interface Article {
  /** Who wrote it; left out: the caller, if that is a person. Stays when that user is deleted later */
  author_id: string | null;
  /** The text, in Markdown: 200 KiB at most */
  body: string;
  /** A category of its portal and its locale; null: it stands under none */
  category_id: string | null;
  created_at: string;
  /** What it is about, for lists and search engines */
  description: string | null;
  id: string;
  /** One of the portal's; left out: that of its category, else the portal's default */
  locale: string;
  portal_id: string;
  /** Its place in its category: the smallest comes first, and of equals the one that was made first */
  position: number;
  /** When it was published; null: it is not */
  published_at: string | null;
  /** The place in the log of the last change of this object */
  sequence: number;
  /** Its name in addresses, unique in the portal; made from the title if left out */
  slug: string;
  /** Visitors see what is published. Changed by POST /v1/articles/{id}/publish, /unpublish, /archive and /restore */
  status: "draft" | "published" | "archived";
  title: string;
  updated_at: string;
}

export interface ArticleEvent {
  article: Article;
  /** Null: it stands under none */
  category: CategoryShort | null;
  portal: PortalShort;
  /** The fields that changed, with their old values */
  previous: Record<string, unknown>;
}

export interface Attachment {
  /** The media type, found in the first bytes. What the upload said of it counts only where the bytes agree */
  content_type: string;
  /** The conversation that it belongs to, with which it is deleted; null: it belongs to none */
  conversation_id: string | null;
  created_at: string;
  /** The name that it is shown and saved under: without folders, control characters and whatever else could mislead */
  file_name: string;
  id: string;
  /** The place in the log of the last change of this object */
  sequence: number;
  /** The SHA-256 of its bytes, in hexadecimal */
  sha256: string;
  /** How many bytes it has */
  size: number;
}

export interface AttachmentEvent {
  attachment: Attachment;
  /** The fields that changed, with their old values */
  previous: Record<string, unknown>;
}

export interface Auth {
  /** With mtls: the certificate and its chain, in PEM */
  certificate?: string;
  /** With oauth2 */
  client_id?: string;
  /** With oauth2 */
  client_secret?: string;
  /** With basic */
  password?: string;
  /** With mtls: the certificate's key, in PEM */
  private_key?: string;
  /** With oauth2: what the token is to be good for */
  scopes?: Array<string>;
  /** With bearer */
  token?: string;
  /** With oauth2: where tokens are fetched from */
  token_url?: string;
  /** basic: username and password; bearer: token; oauth2: client credentials (RFC 6749, 4.4), whose token is kept and renewed; mtls: a client certificate */
  type: "none" | "basic" | "bearer" | "oauth2" | "mtls";
  /** With basic */
  username?: string;
}

export interface BookingDuration {
  /** The unit */
  label: string;
  value: number;
}

export interface BookingPayload {
  /** How long it takes */
  duration?: BookingDuration;
  /** The kind of appointment, as the calendar's own system names it */
  event_id: number | string;
  /** What is offered */
  title: string;
}

export interface BookingResponsePayload {
  /** The kind of appointment, as the calendar's own system names it */
  event_id: number | string;
  event_name?: string;
  /** Whether an appointment was made */
  is_booking_confirmed: boolean;
  /** Whether an attempt to make one failed */
  is_booking_failed?: boolean;
  /** What is known of the appointment and the visitor */
  variables?: Array<BookingVariable>;
  visitor_timezone?: string;
}

export interface BookingVariable {
  name: string;
  type: "text" | "number" | "boolean" | "date";
  value: string | number | boolean | null;
}

export interface Button {
  /** What comes back with the answer. Of a web_url button: {"web_url":"https://…","browser_window":"new"}, as an object, as JSON in a string, or the link alone */
  callback?: string | Record<string, unknown> | null;
  /** The step of a flow that follows */
  next_dialog?: string;
  /** What stands on the button */
  title: string;
  /** branch answers the question, which is what a button does if this is left out; web_url opens a page */
  type?: "branch" | "web_url";
}

export interface ButtonsPayload {
  /** The buttons, each with a title of its own */
  buttons: Array<Button>;
  /** How the buttons are arranged; horizontal if left out */
  buttons_layout?: "horizontal" | "vertical";
  /** "as defined", or another order that the channel knows */
  buttons_order?: string;
  /** Whether the visitor may choose several */
  multi_select_enabled?: boolean;
  /** Whether the visitor may search the buttons */
  search_enabled?: boolean;
  /** The question */
  title: string;
}

export interface CalendarPayload {
  /** Whether the calendar opens by itself */
  auto_open?: boolean;
  /** The question */
  title: string;
  /** Which dates may be chosen; any if left out */
  validation?: CalendarRules;
}

export interface CalendarResponsePayload {
  /** Of a range, the last date */
  end?: string;
  /** How the answer is shown */
  text?: string;
  /** The date, written as the calendar's formatter says; of a range, the first */
  value: string;
}

export interface CalendarRules {
  /** One date, or a first and a last; single if left out */
  datepicker_type?: "single" | "range";
  /** The last date that may be chosen; empty: any */
  end?: string;
  /** Days of the week that cannot be chosen, by name or by number (0 and 7: Sunday) */
  exclude_days?: Array<string | number>;
  /** How dates are written, with YYYY, MM and DD; YYYY-MM-DD if left out or empty */
  formatter?: string;
  /** Dates that can be chosen all the same */
  include?: Array<string>;
  /** The date that is chosen to begin with; empty: none */
  selected?: string;
  /** Dates that cannot be chosen */
  skip?: Array<string>;
  /** The first date that may be chosen; empty: any */
  start?: string;
}

export interface CannedResponse {
  created_at: string;
  id: string;
  /** What it is about, in a few words */
  name: string;
  /** The place in the log of the last change of this object */
  sequence: number;
  /** What an agent types to find it; unique in the organization */
  shortcut: string;
  /** The text, as it is kept: placeholders such as {{contact.name}} stay as they are */
  text: string;
  updated_at: string;
}

export interface CannedResponseEvent {
  canned_response: CannedResponse;
  /** The fields that changed, with their old values */
  previous: Record<string, unknown>;
}

export interface CarouselItem {
  /** What a click on it does: opens an http or https link, or goes on at the step of a flow with this name; empty: nothing */
  action?: string;
  /** Stands below the title */
  description?: string;
  /** Where the picture is */
  image: string;
  /** Stands below the picture */
  title?: string;
}

export interface CarouselPayload {
  /** The pictures, in order */
  items: Array<CarouselItem>;
  /** Stands above the pictures */
  title?: string;
}

export interface Category {
  created_at: string;
  description: string | null;
  id: string;
  /** One of the portal's; its default locale if left out */
  locale: string;
  name: string;
  portal_id: string;
  /** Its place in the portal: the smallest comes first, and of equals the one that was made first */
  position: number;
  /** The place in the log of the last change of this object */
  sequence: number;
  /** Its name in addresses, unique in the portal; made from the name if left out */
  slug: string;
  updated_at: string;
}

export interface CategoryEvent {
  category: Category;
  portal: PortalShort;
  /** The fields that changed, with their old values */
  previous: Record<string, unknown>;
}

export interface CategoryShort {
  id: string;
  name: string;
  /** Its name in addresses */
  slug: string;
}

export interface Cause {
  /** How many such steps lie behind this event */
  depth: number;
  /** The event that led to this one */
  event_id: string;
  /** The rule, flow or cadence that acted on it */
  rule_id: string;
}

export interface ChoicePayload {
  /** The title of what was chosen; of several, all of them in a line */
  body: string;
  /** The callback of the button */
  callback?: string | Record<string, unknown> | null;
  /** The titles, where several may be chosen */
  selected?: Array<string>;
}

export interface Contact {
  created_at: string;
  /** Values of the custom fields defined for contacts, by key; on PATCH, null removes one */
  custom_fields: Record<string, Value>;
  email: string | null;
  /** The id of this person in your own system; unique in the organization */
  external_id: string | null;
  id: string;
  name: string | null;
  phone: string | null;
  /** The place in the log of the last change of this object */
  sequence: number;
  updated_at: string;
  /** Text, number, boolean and date values kept by flows and clients, by name; on PATCH, null removes one */
  variables: Record<string, Value>;
}

export interface ContactErasedEvent {
  contact: ErasedContact;
}

export interface ContactEvent {
  contact: Contact;
  /** With contact.deleted: the contact that it was merged into; null: it is no more */
  merged_into: string | null;
  /** The fields that changed, with their old values */
  previous: Record<string, unknown>;
}

export interface ContactMergedEvent {
  /** The contact that stays */
  contact: Contact;
  /** The contact that was merged into it, as it was */
  merged: Contact;
  /** The fields of the contact that stays that were taken over, with their old values */
  previous: Record<string, unknown>;
}

export interface ContactShort {
  email: string | null;
  external_id: string | null;
  id: string;
  name: string | null;
  phone: string | null;
}

/** What a message says: a text, or the payload of another type. */
export type Content = ContentText | ContentImage | ContentAudio | ContentVideo | ContentDocument | ContentButtons | ContentList | ContentCarousel | ContentForm | ContentCalendar | ContentSlider | ContentFileUpload | ContentAppointmentBooking | ContentJavascript | ContentButtonResponse | ContentListResponse | ContentFormResponse | ContentCalendarResponse | ContentSliderResponse | ContentFileUploadResponse | ContentAppointmentBookingResponse | ContentCalendlyResponse | ContentJavascriptResponse;

/** An offer of appointments. */
export interface ContentAppointmentBooking {
  payload: BookingPayload;
  type: "appointment_booking";
}

/** What became of an offer of appointments. */
export interface ContentAppointmentBookingResponse {
  payload: BookingResponsePayload;
  type: "appointment_booking.response";
}

/** A recording. */
export interface ContentAudio {
  payload: MediaPayload;
  type: "audio";
}

/** The button that the visitor chose. */
export interface ContentButtonResponse {
  payload: ChoicePayload;
  type: "button.response";
}

/** A question with buttons to answer it. */
export interface ContentButtons {
  payload: ButtonsPayload;
  type: "buttons";
}

/** A question to be answered with a date. */
export interface ContentCalendar {
  payload: CalendarPayload;
  type: "calendar";
}

/** The date that the visitor chose. */
export interface ContentCalendarResponse {
  payload: CalendarResponsePayload;
  type: "calendar.response";
}

/** What became of an offer of appointments by Calendly. */
export interface ContentCalendlyResponse {
  payload: VariablesPayload;
  type: "calendly.response";
}

/** A row of pictures to leaf through. */
export interface ContentCarousel {
  payload: CarouselPayload;
  type: "carousel";
}

/** A file of any other kind. */
export interface ContentDocument {
  payload: MediaPayload;
  type: "document";
}

/** A request for files. */
export interface ContentFileUpload {
  payload: FileUploadPayload;
  type: "file_upload";
}

/** A file that the visitor sent. */
export interface ContentFileUploadResponse {
  payload: FileUploadResponsePayload;
  type: "file_upload.response";
}

/** Several fields to fill in. */
export interface ContentForm {
  payload: FormPayload;
  type: "form";
}

/** The form that the visitor filled in. */
export interface ContentFormResponse {
  payload: FormResponsePayload;
  type: "form.response";
}

/** A picture. */
export interface ContentImage {
  payload: MediaPayload;
  type: "image";
}

/** A script for the page that the visitor is on. */
export interface ContentJavascript {
  payload: JavascriptPayload;
  type: "javascript";
}

/** What a script left behind. */
export interface ContentJavascriptResponse {
  payload: VariablesPayload;
  type: "javascript.response";
}

/** A question with a list to choose from. */
export interface ContentList {
  payload: ListPayload;
  type: "list";
}

/** The item that the visitor chose. */
export interface ContentListResponse {
  payload: ChoicePayload;
  type: "list.response";
}

/** A question to be answered with a number between two others. */
export interface ContentSlider {
  payload: SliderPayload;
  type: "slider";
}

/** The number that the visitor chose. */
export interface ContentSliderResponse {
  payload: SliderResponsePayload;
  type: "slider.response";
}

/** A text. */
export interface ContentText {
  text: string;
  type: "text";
}

/** A film. */
export interface ContentVideo {
  payload: MediaPayload;
  type: "video";
}

export interface Conversation {
  /** The agent who looks after it; null: nobody */
  assignee_id: string | null;
  contact_id: string;
  created_at: string;
  /** Values of the custom fields defined for conversations, by key; on PATCH, null removes one */
  custom_fields: Record<string, Value>;
  id: string;
  inbox_id: string;
  /** The names of its labels, in alphabetical order */
  labels: Array<string>;
  /** When the last message was written; null: there is none */
  last_message_at: string | null;
  /** The place in the log of the last change of this object */
  sequence: number;
  /** When a snoozed conversation opens again */
  snoozed_until: string | null;
  /** snoozed needs snoozed_until in the future */
  status: "open" | "pending" | "snoozed" | "resolved";
  subject: string | null;
  /** The team whose matter it is; null: no team's */
  team_id: string | null;
  updated_at: string;
  /** Text, number, boolean and date values kept by flows and clients, by name */
  variables: Record<string, Value>;
}

export interface ConversationAssignedEvent {
  /** The agent who looks after it now; null: nobody */
  assignee: UserShort | null;
  /** The agent who made the change; null: it was no agent */
  by: UserShort | null;
  contact: ContactShort;
  conversation: Conversation;
  inbox: InboxShort;
  /** The fields that changed, with their old values: assignee_id, and assignee as above */
  previous: Record<string, unknown>;
}

export interface ConversationCreatedEvent {
  /** The agent who looks after it; null: nobody yet */
  assignee: UserShort | null;
  /** The agent who started it; null: it was no agent */
  by: UserShort | null;
  contact: Contact;
  conversation: Conversation;
  /** Whether the contact had no conversation before */
  first: boolean;
  inbox: InboxShort;
  /** The fields that changed, with their old values */
  previous: Record<string, unknown>;
}

export interface ConversationEvent {
  /** The agent who made the change; null: it was no agent */
  by: UserShort | null;
  contact: ContactShort;
  conversation: Conversation;
  inbox: InboxShort;
  /** The fields that changed, with their old values */
  previous: Record<string, unknown>;
}

export interface ConversationLabelEvent {
  /** The agent who made the change; null: it was no agent */
  by: UserShort | null;
  contact: ContactShort;
  conversation: Conversation;
  inbox: InboxShort;
  /** The label that was put on or taken off */
  label: string;
  /** Its id */
  label_id: string;
  /** The fields that changed, with their old values */
  previous: Record<string, unknown>;
}

export interface ConversationShort {
  assignee_id: string | null;
  contact_id: string;
  id: string;
  inbox_id: string;
  labels: Array<string>;
  status: "open" | "pending" | "snoozed" | "resolved";
  subject: string | null;
}

export interface CustomField {
  created_at: string;
  id: string;
  /** The name of the value in custom_fields; unique for the object */
  key: string;
  /** How people see it */
  name: string;
  /** The kind of object that has the field */
  object: "contact" | "conversation" | "task" | "ticket" | "appointment" | "order" | "deal";
  /** With type select: the values to choose from */
  options: Array<string>;
  /** The place in the log of the last change of this object */
  sequence: number;
  /** A small number that names the field in placeholders: {{ czCol.15 }} */
  system_id: number;
  type: "text" | "number" | "boolean" | "date" | "select";
  updated_at: string;
}

export interface CustomFieldEvent {
  custom_field: CustomField;
  /** The fields that changed, with their old values */
  previous: Record<string, unknown>;
}

export interface Deal {
  /** What it would bring, in the currency's smallest unit; null: nobody knows yet */
  amount: number | null;
  /** The agent who looks after it; null: nobody */
  assignee_id: string | null;
  /** With whom it is made; stays, also when the contact is deleted */
  contact_id: string | null;
  created_at: string;
  /** Goes with the amount: both or neither */
  currency: string | null;
  /** Values of the custom fields defined for deals, by key; on PATCH, null removes one */
  custom_fields: Record<string, Value>;
  id: string;
  /** Why it was lost; null: it was not, or nobody said */
  lost_reason: string | null;
  pipeline_id: string;
  /** The place in the log of the last change of this object */
  sequence: number;
  /** A stage of its pipeline; left out: the first. Changed by POST …/move */
  stage_id: string;
  /** Changed by POST …/win, …/lose and …/reopen */
  status: "open" | "won" | "lost";
  title: string;
  updated_at: string;
}

export interface DealEvent {
  /** With whom it is made; null: nobody was named, or the contact is deleted */
  contact: ContactShort | null;
  deal: Deal;
  /** The fields that changed, with their old values */
  previous: Record<string, unknown>;
  /** The stage that it is at, with its name; null: the deal is closed, and the stage was removed since */
  stage: Stage | null;
}

export interface Envelope {
  /** Who made the change */
  actor: Actor;
  /** The version of the payload's shape */
  api_version: string;
  /** The event that led to this one, null if a person or a client did */
  cause: Cause | null;
  /** The object as it is after the change, under its own name, and what changed */
  data: unknown;
  /** Unique; the same on every attempt: deduplicate by it */
  id: string;
  /** The inbox that it belongs to: the inbox that it tells of, or that of the conversation which it is about; null: none */
  inbox_id: string | null;
  organization_id: string;
  /** Its place in the organization's log, without gaps */
  sequence: number;
  /** When it happened */
  timestamp: string;
  /** What happened */
  type: string;
}

export interface ErasedContact {
  id: string;
  /** The place in the log of the last change of this object */
  sequence: number;
}

export interface FileUploadPayload {
  /** The extensions that are taken; empty: any */
  allow_extensions?: Array<string>;
  /** What the visitor is told about a file that is not taken */
  error_message?: UploadErrors;
  /** The size that a file may have, in KiB; a text that is no number says nothing */
  max_file_size_in_kb?: number | string | null;
  /** The question */
  title: string;
  /** How many files may be sent; 1 if left out */
  upload_file_limit?: number;
}

export interface FileUploadResponsePayload {
  /** The file */
  payload: UploadedFile;
  /** What kind of file it is */
  type: "image" | "audio" | "video" | "document";
}

export interface FormAnswer {
  /** What belongs to the value, such as the country_code of a phone number; null or "None": nothing */
  extra?: Record<string, unknown> | string | null;
  label: string;
  type: "text" | "textarea" | "email" | "phone" | "number" | "date" | "url" | "checkbox" | "select";
  /** What was entered; null or empty: nothing */
  value: string | number | boolean | null;
  /** The variable that keeps the answer */
  variable?: string;
}

export interface FormField {
  /** Whether the visitor may leave it empty */
  is_optional?: boolean;
  /** What is asked for */
  label: string;
  /** With type select: the answers to choose from */
  options?: Array<string>;
  /** What kind of answer is wanted */
  type: "text" | "textarea" | "email" | "phone" | "number" | "date" | "url" | "checkbox" | "select";
  /** The variable that keeps the answer */
  variable?: string;
}

export interface FormPayload {
  /** The fields, each with a label of its own */
  fields: Array<FormField>;
  /** Stands above the form */
  message: string;
}

export interface FormResponsePayload {
  /** The fields of the form with their values */
  fields: Array<FormAnswer>;
}

export interface Inbox {
  /** widget: the chat widget; api: your own program speaks for the contact */
  channel: "widget" | "api";
  created_at: string;
  id: string;
  /** The inbox's name */
  name: string;
  /** The place in the log of the last change of this object */
  sequence: number;
  updated_at: string;
}

export interface InboxEvent {
  inbox: Inbox;
  /** The fields that changed, with their old values */
  previous: Record<string, unknown>;
}

export interface InboxShort {
  channel: "widget" | "api";
  id: string;
  name: string;
}

export interface JavascriptPayload {
  /** Where it runs: in the visitor's browser */
  execute_at?: "client";
  /** The source of the script */
  script: string;
}

export interface Label {
  color: string;
  created_at: string;
  description: string;
  id: string;
  /** Unique in the organization */
  name: string;
  /** The place in the log of the last change of this object */
  sequence: number;
  updated_at: string;
}

export interface LabelEvent {
  label: Label;
  /** The fields that changed, with their old values */
  previous: Record<string, unknown>;
}

export interface ListChoices {
  sections: Array<ListSection>;
  /** Stands on the button that opens the list */
  title?: string;
}

export interface ListHeader {
  text: string;
  type: "text";
}

export interface ListItem {
  description?: string;
  /** The step of a flow that follows */
  next_dialog?: string;
  title: string;
}

export interface ListPayload {
  /** Stands below the question */
  footer?: string;
  /** Stands above the question */
  header?: ListHeader;
  /** What there is to choose from, at most 50 items in all */
  list: ListChoices;
  /** The question */
  title: string;
}

export interface ListSection {
  /** Each with a title of its own within the section */
  items: Array<ListItem>;
  title?: string;
}

export interface MediaPayload {
  /** The name that the file is shown and saved under */
  file_name?: string;
  /** Where the file is */
  link: string;
  /** The media type of the file */
  mime_type?: string;
}

export interface Message {
  /** Who wrote it */
  author: Actor;
  content: Content;
  conversation_id: string;
  created_at: string;
  /** incoming: your program speaks for the contact, in inboxes of channel api */
  direction: "outgoing" | "incoming";
  id: string;
  /** The place in the log of the last change of this object */
  sequence: number;
  updated_at: string;
}

export interface MessageEvent {
  /** The agent who wrote, changed or deleted it; null: it was no agent */
  by: UserShort | null;
  contact: ContactShort;
  conversation: ConversationShort;
  message: Message;
  /** The fields that changed, with their old values */
  previous: Record<string, unknown>;
}

export interface Note {
  /** Who wrote it */
  author: Actor;
  conversation_id: string;
  created_at: string;
  id: string;
  /** The place in the log of the last change of this object */
  sequence: number;
  text: string;
  updated_at: string;
}

export interface NoteEvent {
  /** The agent who wrote or deleted it; null: it was no agent */
  by: UserShort | null;
  contact: ContactShort;
  conversation: ConversationShort;
  note: Note;
  /** The fields that changed, with their old values */
  previous: Record<string, unknown>;
}

export interface Order {
  /** What it comes to in all, in the currency's smallest unit. With delivery, tax or a discount that is another sum than that of the items */
  amount: number;
  /** Who ordered; stays, also when the contact is deleted */
  contact_id: string;
  /** The conversation with this contact in which it was ordered; stays, also when that is deleted */
  conversation_id: string | null;
  created_at: string;
  /** Of all amounts of the order */
  currency: string;
  /** Values of the custom fields defined for orders, by key; on PATCH, null removes one */
  custom_fields: Record<string, Value>;
  id: string;
  /** What was ordered; on PATCH, replaced as a whole */
  items: Array<OrderItem>;
  /** The place in the log of the last change of this object */
  sequence: number;
  /** Changed by POST …/fulfil and …/cancel */
  status: "requested" | "fulfilled" | "cancelled";
  updated_at: string;
}

export interface OrderEvent {
  /** Who ordered; null: the contact is deleted */
  contact: ContactShort | null;
  order: Order;
  /** The fields that changed, with their old values */
  previous: Record<string, unknown>;
}

export interface OrderItem {
  name: string;
  quantity: number;
  /** Its number in your own stock */
  sku?: string | null;
  /** The price of one, in the currency's smallest unit */
  unit_amount: number;
}

export interface Organization {
  created_at: string;
  id: string;
  /** The organization's name */
  name: string;
  /** How many days the event log is kept, and with it what became of each delivery; null: as long as the server keeps it, which is 30 days unless its operator says otherwise */
  retention_days: number | null;
  /** The place in the log of the last change of this object */
  sequence: number;
  updated_at: string;
}

export interface OrganizationEvent {
  organization: Organization;
  /** The fields that changed, with their old values */
  previous: Record<string, unknown>;
}

export interface Payment {
  /** In the currency's smallest unit */
  amount: number;
  /** Who pays; left out or null where there is an order: who ordered. Stays, also when the contact is deleted */
  contact_id: string | null;
  created_at: string;
  currency: string;
  /** Why it failed; null: it did not, or nobody said */
  failure_reason: string | null;
  id: string;
  /** The order that it pays */
  order_id: string | null;
  /** Who moves the money */
  provider: string | null;
  /** What the provider calls the payment */
  reference: string | null;
  /** The place in the log of the last change of this object */
  sequence: number;
  /** Changed by POST …/confirm, …/fail and …/refund */
  status: "pending" | "paid" | "failed" | "refunded";
  updated_at: string;
}

export interface PaymentEvent {
  /** Who pays; null: nobody was named, or the contact is deleted */
  contact: ContactShort | null;
  payment: Payment;
  /** The fields that changed, with their old values */
  previous: Record<string, unknown>;
}

export interface Pipeline {
  created_at: string;
  id: string;
  name: string;
  /** The place in the log of the last change of this object */
  sequence: number;
  /** In their order. On PATCH, the whole list: a stage with its id stays the same stage, one without an id is new, one that is left out goes, if no open deal is at it */
  stages: Array<Stage>;
  updated_at: string;
}

export interface PipelineEvent {
  pipeline: Pipeline;
  /** The fields that changed, with their old values */
  previous: Record<string, unknown>;
}

export interface Portal {
  color: string;
  created_at: string;
  /** What is shown to visitors who ask for no other; one of locales */
  default_locale: string;
  /** What visitors find here */
  description: string | null;
  id: string;
  /** All in which there may be categories and articles; the default locale alone if left out */
  locales: Array<string>;
  name: string;
  /** The place in the log of the last change of this object */
  sequence: number;
  /** Its name in addresses, unique in the organization; made from the name if left out */
  slug: string;
  updated_at: string;
}

export interface PortalEvent {
  portal: Portal;
  /** The fields that changed, with their old values */
  previous: Record<string, unknown>;
}

export interface PortalShort {
  id: string;
  name: string;
  /** Its name in addresses */
  slug: string;
}

export interface Retry {
  /** With custom: seconds before each retry */
  delays?: Array<number>;
  /** standard: 5 s, 5 m, 30 m, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h; short: three times, exponentially; custom: your delays */
  preset: "standard" | "short" | "custom";
}

export interface Rewind {
  /** The sequence of the first event that is sent again */
  from: number;
  /** How many events a second are sent at most; null: as many as the endpoint takes */
  pace: number | null;
  /** How many events of the log between the two have yet to be dealt with */
  remaining: number;
  started_at: string;
  /** The sequence of the last: where the cursor stood */
  until: number;
}

export interface SliderPayload {
  /** The greatest number */
  max: number;
  /** The least number */
  min: number;
  /** The distance of one number to the next; null, empty or "None": any number */
  step?: number | string | null;
  /** The question */
  title: string;
  /** What is counted */
  unit?: SliderUnit;
  /** The number that is chosen to begin with; min if left out */
  value?: number;
}

export interface SliderResponsePayload {
  /** How the answer is shown */
  text?: string;
  /** The number */
  value: number;
}

export interface SliderUnit {
  /** How number and unit are put together */
  formatter?: string;
  /** How the unit is called */
  label?: string;
  /** How the unit is written beside the number */
  value?: string;
}

export interface Stage {
  /** Left out: the stage is new, and gets one */
  id?: string;
  name: string;
}

export interface Task {
  /** The agent who is to do it; null: nobody yet */
  assignee_id: string | null;
  /** When it was completed; null: it is open */
  completed_at: string | null;
  /** The contact whom it is about; if none is given, that of the conversation. Null once the contact is deleted */
  contact_id: string | null;
  /** The conversation that it is about; null once that is deleted */
  conversation_id: string | null;
  created_at: string;
  /** Values of the custom fields defined for tasks, by key; on PATCH, null removes one */
  custom_fields: Record<string, Value>;
  /** Whatever helps to do it */
  description: string | null;
  /** By when it is to be done; null: whenever */
  due_at: string | null;
  id: string;
  /** The place in the log of the last change of this object */
  sequence: number;
  /** Changed by POST /v1/tasks/{id}/complete and /reopen */
  status: "open" | "completed";
  /** The team that is to do it; null: no team */
  team_id: string | null;
  /** What is to be done */
  title: string;
  updated_at: string;
}

export interface TaskEvent {
  /** Whom it is about; null: nobody was named, or the contact is deleted */
  contact: ContactShort | null;
  /** The fields that changed, with their old values */
  previous: Record<string, unknown>;
  task: Task;
}

export interface Team {
  created_at: string;
  /** What the team is there for */
  description: string | null;
  id: string;
  /** The users in it; on PATCH, the whole list. A user who is deleted leaves it */
  member_ids: Array<string>;
  /** Unique in the organization */
  name: string;
  /** The place in the log of the last change of this object */
  sequence: number;
  updated_at: string;
}

export interface TeamEvent {
  /** The fields that changed, with their old values */
  previous: Record<string, unknown>;
  team: Team;
}

export interface Ticket {
  /** The agent who looks after it; null: nobody */
  assignee_id: string | null;
  /** When it was closed; null: it is not */
  closed_at: string | null;
  /** The contact whose matter it is; if none is given, that of the conversation. Null once the contact is deleted */
  contact_id: string | null;
  /** The conversation that it came from; null once that is deleted */
  conversation_id: string | null;
  created_at: string;
  /** Values of the custom fields defined for tickets, by key; on PATCH, null removes one */
  custom_fields: Record<string, Value>;
  /** The whole story */
  description: string | null;
  id: string;
  priority: "low" | "normal" | "high" | "urgent";
  /** The place in the log of the last change of this object */
  sequence: number;
  /** pending: it waits for somebody else. Changed by POST /v1/tickets/{id}/pend, /close and /reopen */
  status: "open" | "pending" | "closed";
  /** What it is about, in a line */
  subject: string;
  /** The team whose matter it is; null: no team's */
  team_id: string | null;
  updated_at: string;
}

export interface TicketEvent {
  /** Whose matter it is; null: nobody was named, or the contact is deleted */
  contact: ContactShort | null;
  /** The fields that changed, with their old values */
  previous: Record<string, unknown>;
  ticket: Ticket;
}

export interface UploadErrors {
  file_extensions?: string;
  file_not_found?: string;
  file_size?: string;
}

export interface UploadedFile {
  /** The name that the file is shown and saved under */
  file_name?: string;
  /** Where the file is */
  link: string;
  /** The media type of the file */
  mime_type?: string;
}

export interface User {
  created_at: string;
  /** Unique in the organization */
  email: string;
  id: string;
  /** How colleagues and contacts see this person */
  name: string;
  /** What this person may do; the last owner stays one */
  role: "owner" | "admin" | "agent";
  /** The place in the log of the last change of this object */
  sequence: number;
  updated_at: string;
}

export interface UserEvent {
  /** The fields that changed, with their old values */
  previous: Record<string, unknown>;
  user: User;
}

export interface UserShort {
  email: string;
  id: string;
  name: string;
  role: "owner" | "admin" | "agent";
}

/** A value that the organization keeps under a name of its own choosing. */
export type Value = string | number | boolean;

/** A value that the organization keeps under a name of its own choosing. */
export type ValueInput = string | number | boolean | null;

export interface VariablesPayload {
  /** What is known now, by name */
  variables: Record<string, ValueInput>;
}

export interface Verification {
  /** With token_echo: what is sent and expected back; not shown again. With format batch each request shows it, in the header X-Webhook-Token */
  token?: string;
  /** token_echo: a POST with the token must be answered with 200 and the same token; until then the endpoint is unverified and is sent nothing else */
  type: "none" | "token_echo";
}

export interface Webhook {
  /** How requests show who they come from, besides their signature; its secrets are not shown again */
  auth: Auth;
  created_at: string;
  /** Everything up to this place in the log has been dealt with; 0 in events, as are lag and rewind, which change without one */
  cursor: number;
  description: string;
  /** Types or patterns: conversation.created, conversation.*, custom.*, or * for all */
  event_types: Array<string>;
  /** Only events for which this condition in CEL (https://cel.dev) is true; empty: all. It speaks of the event's members: type, data.conversation.status, …; where an event lacks what the condition needs, it is not true */
  filter: string;
  /** How events are written down for it. standard: the event as it is here; flat: {event, timestamp, data, webhookId} with data in one level, in camelCase; batch: {events: […]}, one or more in a request, with numeric ids and types such as conversation_create, message and status; cloudevents: CloudEvents 1.0 in structured JSON. It is chosen once: for another one make another endpoint */
  format: "standard" | "flat" | "batch" | "cloudevents";
  /** Headers sent with every request; their values are not shown again. On PATCH, null removes one */
  headers: Record<string, string>;
  id: string;
  /** Only events of these inboxes: of the inboxes themselves, their conversations, messages and notes, and of the tasks, tickets and orders about their conversations and the payments of those orders. Empty: all events, also those that belong to no inbox */
  inbox_ids: Array<string>;
  /** How many events of the log lie beyond the cursor */
  lag: number;
  /** key: events of one conversation or object in order; strict: all in order, a failing one holds the rest; none */
  ordering: "key" | "strict" | "none";
  /** What v1a signatures are verified with; null: requests carry none */
  public_key: string | null;
  /** When a delivery that failed is tried again */
  retry: Retry;
  /** The rewind that is under way; null: none is */
  rewind: Rewind | null;
  /** The place in the log of the last change of this object */
  sequence: number;
  /** The signatures that requests carry, by their names in Standard Webhooks: v1 is HMAC-SHA256 with the shared secret, v1a is ed25519, verified with public_key */
  signing: "v1" | "v1a" | "both";
  status: "active" | "unverified" | "paused" | "failing" | "disabled";
  /** Why it is not active */
  status_reason: string | null;
  /** The limit for the whole exchange */
  timeout_seconds: number;
  /** JavaScript that defines function transform(event): what it returns is sent instead of the event; empty: the event itself. It is given the event in the endpoint's format, and goes with every format but batch. An error in it is a failed attempt. Try it out with POST /v1/webhooks/preview */
  transformation: string;
  updated_at: string;
  /** Where events are posted to: https, on a public address */
  url: string;
  /** How the endpoint proves that it wants to be sent events */
  verification: Verification;
}

export interface WebhookEvent {
  /** The fields that changed, with their old values */
  previous: Record<string, unknown>;
  webhook: Webhook;
}

export interface WebhookHealthEvent {
  /** The fields that changed, with their old values */
  previous: Record<string, unknown>;
  /** What led to it, in a sentence */
  reason: string;
  webhook: Webhook;
}

export interface WebhookMissedEvent {
  /** The sequence of the first event that was missed */
  first: number;
  /** The sequence of the last */
  last: number;
  /** What led to it, in a sentence */
  reason: string;
  webhook: Webhook;
}

export interface WebhookRewindEvent {
  previous: Record<string, unknown>;
  rewind: Rewind;
  webhook: Webhook;
}

export interface WebhookTestEvent {
  /** A greeting */
  message: string;
  /** The type of event that was asked for: the endpoint is sent the example of that type instead of this event, under this event's id; null: it is sent this event */
  sample: string | null;
  webhook: Webhook;
}
