// Short names of common emoji. Others are shown as they are written, in colons.

const TABLE = `
+1 👍|-1 👎|thumbsup 👍|thumbsdown 👎|clap 👏|raised_hands 🙌|pray 🙏|wave 👋|ok_hand 👌|muscle 💪|point_right 👉|point_up ☝️|v ✌️|handshake 🤝|
smile 😄|smiley 😃|grinning 😀|blush 😊|slightly_smiling_face 🙂|wink 😉|joy 😂|sweat_smile 😅|heart_eyes 😍|relieved 😌|thinking_face 🤔|
neutral_face 😐|cry 😢|sob 😭|disappointed 😞|worried 😟|angry 😠|rage 😡|tired_face 😫|sleepy 😪|hugging_face 🤗|upside_down_face 🙃|eyes 👀|
heart ❤️|green_heart 💚|blue_heart 💙|yellow_heart 💛|purple_heart 💜|broken_heart 💔|sparkles ✨|star ⭐|star2 🌟|fire 🔥|tada 🎉|rocket 🚀|
white_check_mark ✅|heavy_check_mark ✔️|x ❌|warning ⚠️|no_entry ⛔|question ❓|exclamation ❗|information_source ℹ️|bulb 💡|bell 🔔|no_bell 🔕|
speech_balloon 💬|thought_balloon 💭|memo 📝|pencil 📝|pencil2 ✏️|clipboard 📋|calendar 📆|date 📅|hourglass ⌛|stopwatch ⏱️|alarm_clock ⏰|clock9 🕘|
telephone_receiver 📞|phone ☎️|email 📧|envelope ✉️|inbox_tray 📥|package 📦|credit_card 💳|moneybag 💰|receipt 🧾|lock 🔒|key 🔑|shield 🛡️|
coffee ☕|tea 🍵|cake 🍰|herb 🌿|seedling 🌱|evergreen_tree 🌲|sunny ☀️|cloud ☁️|rainbow 🌈|ocean 🌊|zzz 💤|palm_tree 🌴|house 🏠|sos 🆘|
busts_in_silhouette 👥|bust_in_silhouette 👤|ear 👂|brain 🧠|lotus_position 🧘|breathing 😮‍💨|chart_with_upwards_trend 📈|bar_chart 📊|books 📚|book 📖|
mag 🔍|link 🔗|paperclip 📎|pushpin 📌|gear ⚙️|hammer_and_wrench 🛠️|arrow_right ➡️|arrow_left ⬅️|arrow_up ⬆️|arrow_down ⬇️|repeat 🔁|
large_green_circle 🟢|large_yellow_circle 🟡|red_circle 🔴|white_circle ⚪|black_circle ⚫|one 1️⃣|two 2️⃣|three 3️⃣|four 4️⃣|five 5️⃣|100 💯`;

export const EMOJI = new Map(
  TABLE.split("|").map((entry) => {
    const [name, character] = entry.trim().split(" ");
    return [name, character];
  }),
);

/** Those offered for reactions. */
export const REACTIONS = ["+1", "heart", "raised_hands", "pray", "clap", "eyes", "white_check_mark", "tada", "smile", "hugging_face", "cry", "thinking_face", "muscle", "coffee", "seedling", "sparkles"];
