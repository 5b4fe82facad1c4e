/* global Chart */
import {Component, onWillStart, useEffect, useRef} from "@odoo/owl";
import {getColor, getCustomColor} from "@web/core/colors/colors";
import {cookie} from "@web/core/browser/cookie";
import {formatCurrency} from "@web/core/currency";
import {loadBundle} from "@web/core/assets";

const scheme = cookie.get("color_scheme");
const TEXT = getCustomColor(scheme, "#111827", "#e4e4e4");
const GRID = getCustomColor(scheme, "#d8dadd", "#3c3e4b");

/**
 * What is expected of each coming month, by origin. Every bar opens what it is made of;
 * the table below is the same for keyboards, screen readers and thumbs.
 */
export class ForecastChart extends Component {
    static template = "recurring_billing.ForecastChart";
    static props = {
        chart: Object,
        currencyId: Number,
        onOpen: Function,
    };

    setup() {
        this.canvasRef = useRef("canvas");
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            () => {
                const chart = new Chart(this.canvasRef.el, this.getConfig());
                return () => chart.destroy();
            },
            () => [this.props.chart]
        );
    }

    format(amount) {
        return formatCurrency(amount, this.props.currencyId);
    }

    getTotal({bars}) {
        return bars.reduce((total, {amount}) => total + amount, 0);
    }

    openBar({domain}, label) {
        this.props.onOpen({...this.props.chart.bar_action, domain, name: label});
    }

    getConfig() {
        const {months, series} = this.props.chart;
        return {
            type: "bar",
            data: {
                labels: months,
                datasets: series.map(({label, bars}, index) => ({
                    label,
                    data: bars.map(({amount}) => amount),
                    backgroundColor: getColor(index, scheme, series.length),
                    borderRadius: 4,
                    maxBarThickness: 48,
                })),
            },
            options: {
                maintainAspectRatio: false,
                animation: false,
                onClick: (_event, [element]) => element && this.onClickBar(element),
                onHover: ({native}, elements) => {
                    native.target.style.cursor = elements.length ? "pointer" : "";
                },
                plugins: {
                    legend: {display: series.length > 1, labels: {color: TEXT}},
                    tooltip: {
                        callbacks: {
                            label: ({dataset, raw}) =>
                                `${dataset.label}: ${this.format(raw)}`,
                        },
                    },
                },
                scales: {
                    x: {stacked: true, grid: {display: false}, ticks: {color: TEXT}},
                    y: {
                        stacked: true,
                        grid: {color: GRID},
                        ticks: {
                            color: TEXT,
                            maxTicksLimit: 6,
                            callback: (amount) => this.formatTick(amount),
                        },
                    },
                },
            },
        };
    }

    formatTick(amount) {
        return formatCurrency(amount, this.props.currencyId, {
            digits: [false, 1],
            humanReadable: true,
        });
    }

    onClickBar({datasetIndex, index}) {
        const {months, series} = this.props.chart;
        this.openBar(series[datasetIndex].bars[index], months[index]);
    }
}
