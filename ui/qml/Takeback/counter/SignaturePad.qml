import QtQuick
import Takeback

// A field to draw one's name in, three times as wide as high. Points are thousandths of its sides;
// each stroke goes to the core when the finger is lifted, and comes back in `strokes`.
Rectangle {
    id: pad

    property var strokes: []
    property string label: ""
    property var live: []

    readonly property int units: 1000
    readonly property real step: 3      // pixels between two points
    readonly property int longest: 2000 // points: more is no stroke of a hand

    radius: Theme.radius
    color: Theme.card
    border.width: 5
    border.color: Theme.outline
    Accessible.role: Accessible.Canvas
    Accessible.name: label

    onStrokesChanged: {
        live = [];
        paper.requestPaint();
    }

    function at(x: real, y: real): list<int> {
        const bound = (value, side) => Math.min(units, Math.max(0, Math.round(value * units / side)));
        return [bound(x, paper.width), bound(y, paper.height)];
    }

    function far(point: list<int>): bool {
        if (live.length === 0)
            return true;
        if (live.length === longest)
            return false;
        const last = live[live.length - 1];
        return Math.hypot((point[0] - last[0]) * paper.width, (point[1] - last[1]) * paper.height) > step * units;
    }

    // The line to sign on.
    Rectangle {
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        anchors.leftMargin: 80
        anchors.rightMargin: 80
        anchors.bottomMargin: parent.height * 0.22
        height: 3
        color: Theme.hairline
    }

    Canvas {
        id: paper
        anchors.fill: parent
        anchors.margins: 12

        onWidthChanged: requestPaint()
        onHeightChanged: requestPaint()
        onPaint: {
            const pen = getContext("2d");
            pen.reset();
            pen.strokeStyle = Theme.ink;
            pen.lineWidth = 7;
            pen.lineCap = "round";
            pen.lineJoin = "round";
            for (const stroke of pad.strokes)
                trace(pen, stroke);
            if (pad.live.length > 0)
                trace(pen, pad.live);
        }

        function trace(pen: var, stroke: var): void {
            const xs = stroke.map(point => point[0] * width / pad.units);
            const ys = stroke.map(point => point[1] * height / pad.units);
            const last = xs.length - 1;
            pen.beginPath();
            pen.moveTo(xs[0], ys[0]);
            for (let i = 1; i < last; i++)
                pen.quadraticCurveTo(xs[i], ys[i], (xs[i] + xs[i + 1]) / 2, (ys[i] + ys[i + 1]) / 2);
            pen.lineTo(xs[last] + (last === 0 ? 0.1 : 0), ys[last]);
            pen.stroke();
        }
    }

    MouseArea {
        anchors.fill: paper
        preventStealing: true
        onPressed: mouse => {
            pad.live = [pad.at(mouse.x, mouse.y)];
            paper.requestPaint();
        }
        onPositionChanged: mouse => {
            const point = pad.at(mouse.x, mouse.y);
            if (!pad.far(point))
                return;
            pad.live.push(point);
            paper.requestPaint();
        }
        onReleased: {
            if (pad.live.length > 0)
                Core.bridge.send("draw", pad.live.map(point => point.join(",")).join(" "));
        }
        onCanceled: {
            pad.live = [];
            paper.requestPaint();
        }
    }
}
