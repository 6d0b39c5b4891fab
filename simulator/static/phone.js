// The phone shows what the far end's log says about one person: a bubble for each message that reached the phone.
const { texts, people, contacts } = JSON.parse(document.getElementById("config").textContent);
const byId = (id) => document.getElementById(id);
const person = byId("person");
const messages = byId("messages");
const contactName = byId("contact-name"); // null where there is one nameless contact
const TYPING_MILLISECONDS = 5000; // as long as Telegram shows one chat action

let stream = null;
let medium = null;
let quoting = null;
let typingEnds = null;
let conversations = {};

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children.filter(Boolean));
  return made;
}

async function order(path, body) {
  byId("notice").textContent = "";
  const answer = await fetch(`/control/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ person: person.value, medium, ...body }),
  }).catch(() => null);
  if (!answer?.ok) byId("notice").textContent = texts.failed;
}

async function send(content) {
  const quoted = quoting;
  quote(null);
  await order("send", { quoted, account: account(), ...content });
}

function contact() {
  return contactName ? Number(contactName.value) : 0;
}

function account() {
  return contacts[contact()]?.accounts[medium] ?? null;
}

function contactOf(entry) {
  return Math.max(0, contacts.findIndex(({ accounts }) => accounts[entry.channel] === entry.account));
}

function quote(entry) {
  quoting = entry?.provider_id ?? null;
  byId("quoting").hidden = !entry;
  byId("quoting").firstElementChild.textContent = entry ? `${texts.answering}: ${summary(entry)}` : "";
  if (entry) byId("text").focus();
}

function summary(entry) {
  return entry.text ?? texts[entry.media] ?? "";
}

function choices(entry) {
  const press = (choice) => () => order("press", { provider_id: entry.provider_id, choice });
  const buttons = entry.choices.map(([label, data]) => {
    return element("button", { type: "button", textContent: label, onclick: press(data || label) });
  });
  return element("div", { className: "buttons" }, ...buttons);
}

function bubble(entry, talk) {
  const mine = entry.event === "inbound";
  const who = mine ? texts.you : entry.event === "auto_reply" ? texts.provider : contacts[contact()]?.name ?? texts.them;
  const quoted = talk.entries.get(entry.quoted);
  const time = new Date(entry.at).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const state = element("span", { className: "state" });
  const answer = element("button", { type: "button", className: "answer", textContent: "↩", onclick: () => quote(entry) });
  answer.setAttribute("aria-label", `${texts.answer}: ${summary(entry)}`);
  return element(
    "div",
    { className: mine ? "bubble mine" : "bubble" },
    element("span", { className: "hidden", textContent: `${who}: ` }),
    quoted && element("blockquote", { textContent: summary(quoted) }),
    entry.media && element("p", { className: "media", textContent: texts[entry.media] }),
    entry.text && element("p", { textContent: entry.text }),
    entry.choices && choices(entry),
    element("div", { className: "foot" }, !mine && medium !== "sms" && answer, time, " ", state),
  );
}

function show(entry, talk) {
  const made = bubble(entry, talk);
  talk.entries.set(entry.provider_id, entry);
  talk.bubbles.set(entry.provider_id, made);
  messages.append(made);
  messages.scrollTop = messages.scrollHeight;
}

function tick(entry, talk) {
  const state = talk.bubbles.get(entry.provider_id)?.querySelector(".state");
  if (!state) return;
  const [sign, word] = { inbound: ["✓", texts.sent], taken: ["✓✓", texts.taken], lost: ["!", texts.lost] }[entry.event];
  state.replaceChildren(
    element("span", { ariaHidden: "true", textContent: sign }),
    element("span", { className: "hidden", textContent: word }),
  );
}

function remark(text) {
  messages.append(element("p", { className: "remark", textContent: text }));
  messages.scrollTop = messages.scrollHeight;
}

function type(entry) {
  if (Date.now() - Date.parse(entry.at) > TYPING_MILLISECONDS) return;
  byId("typing").hidden = false;
  messages.scrollTop = messages.scrollHeight;
  clearTimeout(typingEnds);
  typingEnds = setTimeout(() => (byId("typing").hidden = true), TYPING_MILLISECONDS);
}

// Telegram shows what it accepted at once; Twilio's messages appear when they are delivered, and failed ones never do.
const draw = {
  accepted(entry, talk) {
    byId("typing").hidden = true;
    if (entry.channel === "telegram") show(entry, talk);
    else talk.underway.set(entry.provider_id, entry);
  },
  status(entry, talk) {
    const arrived = talk.underway.get(entry.provider_id);
    if (entry.status !== "delivered" || !arrived) return;
    talk.underway.delete(entry.provider_id);
    show(arrived, talk);
  },
  edited(entry, talk) {
    const old = talk.bubbles.get(entry.provider_id);
    const made = bubble({ ...entry, text: `${entry.text} (${texts.edited})` }, talk);
    talk.entries.set(entry.provider_id, entry);
    talk.bubbles.set(entry.provider_id, made);
    old?.replaceWith(made);
  },
  inbound(entry, talk) {
    if (entry.status) {
      remark(texts[entry.status]);
      byId("block").dataset.blocked = entry.status === "blocked" ? "yes" : "";
      byId("block").textContent = entry.status === "blocked" ? texts.unblock : texts.block;
    } else {
      show(entry, talk);
      tick(entry, talk);
    }
  },
  taken: tick,
  lost: tick,
  auto_reply: show,
  typing: type,
};

function redraw() {
  messages.replaceChildren();
  byId("typing").hidden = true;
  byId("medium").textContent = texts[medium] ?? "";
  if (contacts.length) byId("contact").textContent = contacts[contact()].name;
  byId("block").hidden = medium !== "telegram";
  byId("block").dataset.blocked = "";
  byId("block").textContent = texts.block;
  const talk = conversation(medium, contact());
  Object.assign(talk, { entries: new Map(), bubbles: new Map(), underway: new Map(), unread: 0 });
  for (const entry of talk.log.filter(({ event }) => event !== "typing")) draw[entry.event](entry, talk);
  badges();
}

function conversation(channel, someone) {
  return (conversations[`${someone} ${channel}`] ??= { log: [], unread: 0 });
}

function badges() {
  contacts.forEach(({ name, accounts }, someone) => {
    const unread = Object.keys(accounts).reduce((sum, channel) => sum + conversation(channel, someone).unread, 0);
    contactName.options[someone].textContent = unread ? `${name} (${unread} ${texts.unread})` : name;
  });
  for (const label of document.querySelectorAll("[data-medium]")) {
    const { unread } = conversation(label.dataset.medium, contact());
    const badge = label.querySelector(".badge");
    badge.hidden = unread === 0;
    badge.textContent = `${unread} ${texts.unread}`;
  }
}

function receive(entry) {
  const someone = contactOf(entry);
  const talk = conversation(entry.channel, someone);
  talk.log.push(entry);
  if (entry.channel === medium && someone === contact()) {
    draw[entry.event](entry, talk);
  } else if (entry.status === "delivered" || (entry.event === "accepted" && entry.channel === "telegram")) {
    talk.unread += 1;
    badges();
  }
}

function choosePerson() {
  stream?.close();
  conversations = {};
  const { media } = people.find(({ name }) => name === person.value);
  for (const label of document.querySelectorAll("[data-medium]")) label.hidden = !media.includes(label.dataset.medium);
  chooseMedium(media.includes(medium) ? medium : media[0]);
  stream = new EventSource(`/phone/events?person=${encodeURIComponent(person.value)}`);
  stream.onmessage = ({ data }) => receive(JSON.parse(data));
  stream.onerror = () => (byId("notice").textContent = texts.disconnected);
  stream.onopen = () => (byId("notice").textContent = "");
}

function chooseMedium(wanted) {
  medium = wanted;
  quote(null);
  const radio = document.querySelector(`input[value="${medium}"]`);
  if (radio) radio.checked = true;
  redraw();
}

byId("channels").addEventListener("change", ({ target }) => chooseMedium(target.value));
byId("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = byId("text").value.trim();
  byId("text").value = "";
  if (text) send({ text });
});
byId("quoting").lastElementChild.addEventListener("click", () => quote(null));
byId("block").addEventListener("click", ({ target }) => {
  order("block", { medium: undefined, account: account(), blocked: !target.dataset.blocked });
});
contactName?.addEventListener("change", () => chooseMedium(medium));
for (const button of document.querySelectorAll("[data-quick]")) {
  button.addEventListener("click", () => send({ text: button.textContent }));
}
for (const button of document.querySelectorAll("[data-media]")) {
  button.addEventListener("click", () => send({ media: button.dataset.media }));
}
person.addEventListener("change", choosePerson);
if (people.length) choosePerson();
