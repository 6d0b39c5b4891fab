"""The resident's phone in a real browser: what the application sends appears, and what the person does leaves."""

import asyncio
import shutil
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page, async_playwright, expect
from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from simulator.options import Options
from tests.contract.far_end import SMS, WHATSAPP, FarEnd, running

FATIMA = "+32470000001"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture
async def far_end() -> AsyncIterator[FarEnd]:
    async with running(Options(twilio_numbers=(SMS, WHATSAPP), status_delay=0)) as found:
        await found.control.person("Fatima", chat_id=1001, phone=FATIMA)
        await found.control.person("Jef", phone="+32470000002")
        yield found


@pytest.fixture
async def page(far_end: FarEnd) -> AsyncIterator[Page]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        found = await browser.new_page()
        errors: list[str] = []
        found.on("pageerror", lambda error: errors.append(str(error)))
        await found.goto(f"{far_end.simulator.base_url}/phone")
        yield found
        await browser.close()
        assert errors == []


async def test_a_message_typed_and_sent_by_keyboard_leaves_and_is_ticked(far_end: FarEnd, page: Page) -> None:
    await page.get_by_label("Bericht", exact=True).focus()
    await page.keyboard.type("Wanneer is het papier?")
    await page.keyboard.press("Enter")
    assert (await far_end.control.until("inbound"))["text"] == "Wanneer is het papier?"
    conversation = page.get_by_role("log", name="Gesprek")
    await expect(conversation).to_contain_text("Wanneer is het papier?")
    await expect(conversation).to_contain_text("verzonden")
    async with far_end.bot() as bot:
        (update,) = await bot.get_updates()
        await bot.get_updates(offset=update.update_id + 1)
    await expect(conversation).to_contain_text("aangekomen")


async def test_a_button_below_a_message_can_be_pressed(far_end: FarEnd, page: Page) -> None:
    async with far_end.bot() as bot:
        buttons = InlineKeyboardMarkup([[InlineKeyboardButton("Papierophaling", callback_data="paper")]])
        await bot.send_message(1001, "Waarover gaat het?", reply_markup=buttons)
        await page.get_by_role("button", name="Papierophaling", exact=True).click()
        assert (await far_end.control.until("inbound"))["pressed"] == "paper"


async def alert(far_end: FarEnd) -> None:
    create = far_end.twilio().messages.create
    await asyncio.to_thread(create, to=f"whatsapp:{FATIMA}", from_=WHATSAPP, body="Gaslek in de Kerkstraat")


async def test_an_alert_on_another_channel_is_counted_and_can_be_answered(far_end: FarEnd, page: Page) -> None:
    await far_end.control.window("Fatima", is_open=True)
    await alert(far_end)
    await expect(page.get_by_text("1 ongelezen")).to_be_visible()
    await page.get_by_label("WhatsApp").check()
    await page.get_by_role("button", name="Antwoorden op dit bericht: Gaslek").click()
    await page.get_by_label("Bericht", exact=True).fill("Ik heb iets gezien")
    await page.get_by_role("button", name="Verstuur").click()
    entry = await far_end.control.until("inbound")
    assert entry["quoted"] == (await far_end.control.until("accepted"))["provider_id"]
    assert (entry["channel"], entry["text"]) == ("whatsapp", "Ik heb iets gezien")


async def test_what_was_not_delivered_does_not_appear(far_end: FarEnd, page: Page) -> None:
    await page.get_by_label("WhatsApp").check()
    await alert(far_end)
    await far_end.control.until("status", status="undelivered")
    await far_end.control.send("Fatima", "whatsapp", "Goeiedag")
    conversation = page.get_by_role("log")
    await expect(conversation).to_contain_text("Goeiedag")
    await expect(conversation).not_to_contain_text("Gaslek")


async def test_a_pretend_photo_and_a_quick_text_can_be_sent(far_end: FarEnd, page: Page) -> None:
    await page.get_by_label("Sms").check()
    await page.get_by_role("button", name="Foto").click()
    await page.get_by_role("button", name="STOP").click()
    await expect(page.get_by_role("log")).to_contain_text("Antwoord START")
    sent = [entry for entry in await far_end.control.log() if entry["event"] == "inbound"]
    assert [(entry.get("media"), entry.get("text")) for entry in sent] == [("photo", None), (None, "STOP")]


async def test_a_person_has_only_their_own_channels_and_messages(far_end: FarEnd, page: Page) -> None:
    await far_end.control.send("Fatima", "telegram", "Van Fatima")
    await expect(page.get_by_role("log")).to_contain_text("Van Fatima")
    await page.get_by_label("Persoon", exact=True).select_option("Jef")
    await expect(page.get_by_label("Telegram")).to_be_hidden()
    await expect(page.get_by_role("log")).not_to_contain_text("Van Fatima")


async def test_the_page_is_dutch_and_can_be_english(page: Page) -> None:
    await expect(page.locator("html")).to_have_attribute("lang", "nl")
    await page.get_by_role("link", name="English").click()
    await expect(page.locator("html")).to_have_attribute("lang", "en")
    await expect(page.get_by_role("button", name="Send", exact=True)).to_be_visible()


async def test_a_message_is_text_and_never_markup(far_end: FarEnd, page: Page) -> None:
    await far_end.control.send("Fatima", "telegram", "<img src=x onerror=alert(1)>")
    await expect(page.get_by_role("log")).to_contain_text("<img src=x")
    assert await page.locator("#messages img").count() == 0


async def test_of_two_contacts_the_chosen_one_is_written_to_and_the_other_counts_what_is_unread() -> None:
    tokens = ("7000001:the-first-bot-on-loopback", "7000002:the-second-bot-on-loopback")
    contacts = (("Gemeente", ("lindebeke_bot",)), ("Politie", ("lindebeke_bot_1",)))
    async with running(Options(telegram_tokens=tokens, contacts=contacts)) as far_end, async_playwright() as playwright:
        await far_end.control.person("Fatima", chat_id=1001)
        browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        page = await browser.new_page()
        await page.goto(f"{far_end.simulator.base_url}/phone")
        conversation = page.get_by_role("log", name="Gesprek")
        async with far_end.bot(tokens[1]) as police:
            await police.send_message(1001, "Gaslek in de Kerkstraat")
        await expect(page.get_by_label("Schrijft naar")).to_contain_text("Politie (1 ongelezen)")
        await expect(conversation).not_to_contain_text("Gaslek")
        await page.get_by_label("Schrijft naar").select_option("1")
        await expect(conversation).to_contain_text("Gaslek")
        await page.get_by_label("Bericht", exact=True).fill("Ik heb iets gezien")
        await page.get_by_role("button", name="Verstuur").click()
        assert (await far_end.control.until("inbound"))["account"] == "lindebeke_bot_1"
        await browser.close()
