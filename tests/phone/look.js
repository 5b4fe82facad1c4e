/** What is wrong with the screen; a line for each thing. The rules are in look.py. */
(rules) => {
    const edge = innerWidth + 1;
    const dialogs = document.querySelectorAll(".modal.show, .modal.d-block");
    const root = [...dialogs].pop() || document.body;

    const isSeen = (element) => {
        const box = element.getBoundingClientRect();
        const isShown = element.checkVisibility({
            opacityProperty: true,
            visibilityProperty: true,
        });
        return isShown && box.width > 1 && box.height > 1;
    };

    const describe = (element) => {
        const words = element.innerText || element.getAttribute("aria-label") || "";
        const classes = [...element.classList].slice(0, 3).join(".");
        const field = element.closest("[name]")?.getAttribute("name") || "";
        const tag = element.tagName.toLowerCase();
        return `${tag}.${classes} [${field}] “${words.trim().slice(0, 40)}”`;
    };

    const findWide = () =>
        [document.documentElement, document.body]
            .filter(({scrollWidth}) => scrollWidth > edge)
            .map(({scrollWidth}) => `the page is ${scrollWidth} px wide`);

    /** Neither shortened nor in something that scrolls under a finger. */
    const isCut = (element) => {
        for (let around = element; around; around = around.parentElement) {
            const {textOverflow, overflowX} = getComputedStyle(around);
            const scrolls = ["auto", "scroll"].includes(overflowX);
            if (
                textOverflow === "ellipsis" ||
                (scrolls && !around.matches(rules.fixed))
            ) {
                return false;
            }
        }
        return true;
    };

    const says = (element) =>
        element.matches("button, a, input, select, textarea, img, canvas") ||
        [...element.childNodes].some(
            (node) => node.nodeType === Node.TEXT_NODE && node.data.trim()
        );

    const findCut = () =>
        [...root.querySelectorAll("*")]
            .filter((element) => {
                const {left, right} = element.getBoundingClientRect();
                const isOut = right > edge || right < 0 || left >= edge;
                const isHidden = element.closest(
                    ".visually-hidden, .o_searchview_facet"
                );
                return isOut && !isHidden && says(element) && isSeen(element);
            })
            .filter(isCut)
            .map((element) => `beyond the edge: ${describe(element)}`);

    const findSmall = () =>
        [...root.querySelectorAll(rules.buttons)]
            .filter((button) => isSeen(button) && !button.matches(rules.cores))
            .map((button) => [
                Math.round(button.getBoundingClientRect().height),
                button,
            ])
            .filter(([height]) => height < rules.least)
            .map(([height, button]) => `${height} px high: ${describe(button)}`);

    const findWindows = () =>
        [...root.querySelectorAll("a[target]:not([target=_self])")]
            .filter((link) => isSeen(link) && !link.matches(rules.cores))
            .map((link) => `opens a window: ${describe(link)}`);

    const findWords = () =>
        (root.innerText.match(new RegExp(rules.words, "g")) || []).map(
            (word) => `a word of the program: ${word}`
        );

    const findErrors = () =>
        [...document.querySelectorAll(rules.errors)].map(
            ({innerText}) => `an error: ${innerText.trim().slice(0, 200)}`
        );

    const looks = [findWide, findCut, findSmall, findWindows, findWords, findErrors];
    return [...new Set(looks.flatMap((look) => look()))];
};
