// Undefined and unused names, and a few habits. Formatting is prettier's business.
const globals = require("globals");

module.exports = [
    {
        files: ["addons/**/*.js"],
        ignores: ["**/static/lib/**"],
        languageOptions: {
            ecmaVersion: 2024,
            sourceType: "module",
            globals: {...globals.browser, odoo: "readonly", luxon: "readonly"},
        },
        linterOptions: {reportUnusedDisableDirectives: true},
        rules: {
            "array-callback-return": "error",
            "consistent-return": "error",
            curly: "error",
            eqeqeq: ["error", "smart"],
            "no-console": "error",
            "no-debugger": "error",
            "no-dupe-keys": "error",
            "no-duplicate-case": "error",
            "no-eval": "error",
            "no-implied-eval": "error",
            "no-undef": "error",
            "no-unreachable": "error",
            "no-unused-vars": ["error", {argsIgnorePattern: "^_"}],
            "no-var": "error",
            "prefer-const": "error",
        },
    },
];
