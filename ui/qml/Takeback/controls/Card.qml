import QtQuick
import Takeback

// A quiet sheet that holds things together.
Rectangle {
    color: Theme.card
    radius: Theme.radius
    border.width: Theme.stroke
    border.color: Theme.hairline
}
