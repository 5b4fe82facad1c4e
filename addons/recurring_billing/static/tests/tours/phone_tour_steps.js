/** On a phone all buttons but the first stand behind "More". */
export const openMore = {
    trigger: ".o_statusbar_buttons button[title=More]",
    run: "click",
};

export const checkWidth = {
    content: "Nothing lies beyond the edge of the screen",
    trigger: ".o_form_view",
    run() {
        const width = document.documentElement.scrollWidth;
        if (width > window.innerWidth) {
            throw new Error(`The page is ${width} px wide`);
        }
    },
};
