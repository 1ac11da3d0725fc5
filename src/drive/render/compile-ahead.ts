/** Programs made ahead of what is drawn with them. */
import { type BufferGeometry, Camera, type Material, Mesh, Scene, type WebGLRenderer } from 'three';
import { MeshBuilder, toGeometry } from '../shapes/mesh-builder';

/**
 * Has programs made for the target that is set, without waiting for them: whoever draws is at them while the street is
 * laid here. Asked for one by one, as meshes are drawn, each would be waited for.
 * @param street materials of the street's meshes
 * @param screen what covers the picture, and is drawn with
 */
export function compileAhead(
  renderer: WebGLRenderer,
  street: Iterable<Material>,
  screen: { readonly geometry: BufferGeometry; readonly materials: readonly Material[] },
): void {
  // A program depends on which attributes a mesh has; there need be nothing in them.
  const empty = toGeometry(new MeshBuilder().data());
  const scene = new Scene();
  for (const material of street) scene.add(new Mesh(empty, material));
  for (const material of screen.materials) scene.add(new Mesh(screen.geometry, material));
  renderer.compile(scene, new Camera());
}
