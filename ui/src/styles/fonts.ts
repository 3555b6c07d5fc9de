// The three families (SIL Open Font License), served from our own files. The serif comes with its optical sizes, so that
// an answer is drawn for the size it is read at.
import "@fontsource-variable/source-serif-4/opsz-italic.css";
import "@fontsource-variable/source-serif-4/opsz.css";
import "@fontsource/source-code-pro/400.css";
import "@fontsource/source-sans-3/400-italic.css";
import "@fontsource/source-sans-3/400.css";
import "@fontsource/source-sans-3/600.css";
import "@fontsource/source-sans-3/700.css";
