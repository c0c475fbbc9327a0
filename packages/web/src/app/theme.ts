import { createTheme, type MantineColorsTuple } from "@mantine/core";

/** The one accent: the blue of a carpenter's chalk line. */
const line: MantineColorsTuple = [
  "#eef1fd",
  "#dce1f8",
  "#b7c1ee",
  "#909fe5",
  "#6f81dd",
  "#5a6ed8",
  "#4d61d0",
  "#4053b8",
  "#384aa4",
  "#2d3d8c",
];

const gray: MantineColorsTuple = [
  "#f8f9fb",
  "#f1f3f6",
  "#e6e9ee",
  "#d9dde4",
  "#c5cad3",
  "#a3aab7",
  "#7c8493",
  "#5b6372",
  "#3c4350",
  "#232833",
];

const dark: MantineColorsTuple = [
  "#dfe2e8",
  "#b9bec9",
  "#989fae",
  "#747c8c",
  "#3d4351",
  "#2f3541",
  "#21262f",
  "#181c23",
  "#12151b",
  "#0c0e12",
];

export const theme = createTheme({
  colors: { line, gray, dark },
  primaryColor: "line",
  primaryShade: { light: 6, dark: 5 },
  autoContrast: true,
  luminanceThreshold: 0.32,
  defaultRadius: "md",
  cursorType: "pointer",
  respectReducedMotion: true,
  fontFamily: '"Inter Variable", system-ui, -apple-system, "Segoe UI", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", monospace',
  fontSizes: { xs: "0.75rem", sm: "0.8125rem", md: "0.875rem", lg: "1rem", xl: "1.125rem" },
  headings: {
    fontFamily: '"Inter Variable", system-ui, -apple-system, "Segoe UI", sans-serif',
    fontWeight: "620",
    sizes: {
      h1: { fontSize: "1.375rem", lineHeight: "1.3" },
      h2: { fontSize: "1rem", lineHeight: "1.4" },
      h3: { fontSize: "0.875rem", lineHeight: "1.4" },
    },
  },
  components: {
    Button: { defaultProps: { size: "sm" } },
    Tooltip: { defaultProps: { openDelay: 250, withArrow: true, fz: "xs" } },
    TextInput: { defaultProps: { size: "sm" } },
    // What takes the focus as it opens is its first item: a menu may hold nothing else.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
    Select: { defaultProps: { size: "sm", checkIconPosition: "right" } },
    Notification: { defaultProps: { closeButtonProps: { "aria-label": "Dismiss" } } },
    Modal: {
      defaultProps: { centered: true, radius: "md", closeButtonProps: { "aria-label": "Close" } },
    },
  },
});
